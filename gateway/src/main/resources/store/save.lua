#!lua
-- Makes ARGV[2] the newest version of an action.
-- KEYS   1 prefix of:  action:<id>  list    its versions as JSON, newest first
--                      index        zset    action ids, every score 0
--                      changes      zset    action id -> number of its last change
--                      change       string  number of the last change to any action
-- ARGV   1 action id    2 the definition, a JSON object with at least one field    3 versions to keep
-- RETURN the stored version as JSON: version, created_at and updated_at (epoch ms, Redis' clock) go before the rest
-- uses store/lib/change redis/time
local action = P .. 'action:' .. ARGV[1]
local now = wallMillis()
local version, created = 1, now
local head = rc('LINDEX', action, 0)
if head then
  local before = object(head) or {}
  version, created = number(before.version, 0) + 1, number(before.created_at, now)
end
local stored = string.format('{"version":%.0f,"created_at":%.0f,"updated_at":%.0f,', version, created, now)
  .. string.sub(ARGV[2], 2)
rc('LPUSH', action, stored)
rc('LTRIM', action, 0, ARGV[3] - 1)
rc('ZADD', P .. 'index', 0, ARGV[1])
changed(ARGV[1])
return stored
