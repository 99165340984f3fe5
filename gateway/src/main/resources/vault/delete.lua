#!lua
-- Removes one secret, snippet or connection.
-- KEYS   1 prefix of:  secrets, snippets, connections  hash  name -> JSON
--                      change             string  number of the last change
-- ARGV   1 secrets, snippets or connections    2 name
-- RETURN 1 when there was one, 0 when not: then nothing was written
-- uses redis/change
if rc('HDEL', P .. ARGV[1], ARGV[2]) == 0 then
  return 0
end
changed()
return 1
