#!lua
-- Removes a replaced key: it signs nothing from now on.
-- KEYS   1 prefix of:  keys    hash    id -> JSON: kind, created_at, signs_until, sealed
--                      change  string  number of the last change
-- ARGV   1 id
-- RETURN revoked, current (that one must be rotated first) or unknown; only for revoked something was written
-- uses redis/change
local key = rc('HGET', P .. 'keys', ARGV[1])
if not key then
  return 'unknown'
end
local stored = object(key)
if stored and stored.signs_until == 0 then
  return 'current'
end
rc('HDEL', P .. 'keys', ARGV[1])
changed()
return 'revoked'
