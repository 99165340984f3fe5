#!lua
-- Replaces the sealed form of a value by another of the same value, unless it changed meanwhile. No instance need hear.
-- KEYS   1 prefix of:  secrets, keys, connections  hash  name or id -> JSON
-- ARGV   1 secrets, keys or connections    2 name or id    3 JSON as it was read    4 the same with the new sealed form
-- RETURN 1 when it was replaced, 0 when it was not what ARGV[3] says
-- uses redis/change
if rc('HGET', P .. ARGV[1], ARGV[2]) ~= ARGV[3] then
  return 0
end
rc('HSET', P .. ARGV[1], ARGV[2], ARGV[4])
return 1
