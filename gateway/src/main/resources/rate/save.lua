#!lua
-- Creates or replaces the limit of a host.
-- KEYS   1 prefix of:  limits  hash    host -> JSON: version, created_at, updated_at (epoch ms), max_per_second
--                      change  string  number of the last change
-- ARGV   1 host    2 the definition, a JSON object with at least one field    3 most hosts
-- RETURN the stored JSON: version, created_at and updated_at go before the rest; nil when there are too many hosts, nothing
--        was written then
-- uses redis/change redis/time
local hash = P .. 'limits'
local head, now = rc('HGET', hash, ARGV[1]), wallMillis()
if not head and rc('HLEN', hash) >= tonumber(ARGV[3]) then return false end
local before = object(head) or {}
local stored = string.format('{"version":%.0f,"created_at":%.0f,"updated_at":%.0f,', number(before.version, 0) + 1,
  number(before.created_at, now), now) .. string.sub(ARGV[2], 2)
rc('HSET', hash, ARGV[1], stored)
changed()
return stored
