#!lua
-- Removes the limit of a host.
-- KEYS   1 prefix of:  limits  hash    host -> JSON
--                      change  string  number of the last change
-- ARGV   1 host
-- RETURN 1 when there was one, 0 when not: then nothing was written
-- uses redis/change
if rc('HDEL', P .. 'limits', ARGV[1]) == 0 then return 0 end
changed()
return 1
