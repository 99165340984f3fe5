#!lua
-- Creates or replaces a reporting webhook. One that starts to listen starts with what happens next; any change lets
-- it try again at once.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 id     2 definition, a JSON object with at least one field     3 1 if enabled
--        4 most webhooks     5 entries to keep on the stream
-- RETURN the stored definition; created_at and updated_at (ms) go before the rest. Nil when there are too many
-- uses report/lib/stream
local id = ARGV[1]
local before = rc('HGET', kWebhooks, id)
if not before and rc('HLEN', kWebhooks) >= tonumber(ARGV[4]) then return false end
local old = object(before) or {}
local created = number(old.created_at, now)
-- Equal times tell what is new, so a replacement within the same millisecond is a little later.
local updated = before and math.max(now, created + 1) or now
local stored = string.format('{"created_at":%.0f,"updated_at":%.0f,', created, updated) .. string.sub(ARGV[2], 2)
if ARGV[3] == '1' and old.enabled ~= true then
  local added, _, last = extent()
  rc('HSET', STATE .. id, 'position', last, 'seq', added)
end
rc('HSET', kWebhooks, id, stored)
add(STATE .. id, 'token', 1)
rc('HDEL', STATE .. id, 'failures', 'not-before', 'paused')
announce(ARGV[5])
return stored
