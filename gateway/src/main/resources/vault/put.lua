#!lua
-- Creates or replaces one secret, snippet or connection.
-- KEYS   1 prefix of:  secrets, snippets, connections  hash  name -> JSON
--                      change             string  number of the last change
-- ARGV   1 secrets, snippets or connections    2 name    3 JSON object with one field, sealed or value
--        4 most names    5 most bytes of all of them together
-- RETURN the stored JSON: created_at and updated_at (epoch ms) go before the rest; nil when there is no room, nothing was
--        written then
-- uses redis/change redis/time
local hash = P .. ARGV[1]
local before = rc('HGET', hash, ARGV[2])
local at = wallMillis()
local created = before and number((object(before) or {}).created_at, at) or at
-- Equal times tell what is new, so a replacement within the same millisecond is a little later.
local updated = before and math.max(at, created + 1) or at
local stored = string.format('{"created_at":%.0f,"updated_at":%.0f,', created, updated) .. string.sub(ARGV[3], 2)
-- What is replaced makes room for what replaces it.
local names, bytes = before and 0 or 1, #stored - (before and #before or 0)
for _, other in ipairs(rc('HVALS', hash)) do
  names, bytes = names + 1, bytes + #other
end
if names > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5]) then
  return false
end
rc('HSET', hash, ARGV[2], stored)
changed()
return stored
