#!lua
-- Every limit of a host, as they are at one moment.
-- KEYS   1 prefix of:  limits  hash    host -> JSON: version, created_at, updated_at (epoch ms), max_per_second
--                      change  string  number of the last change
-- RETURN the number of the last change, then the hash as a flat list
-- uses redis/change
return { rc('GET', P .. 'change') or '0', rc('HGETALL', P .. 'limits') }
