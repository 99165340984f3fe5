#!lua
-- Removes a person.
--
-- KEYS   1 the person    hash   version, attributes
-- RETURN 1 when there was one, 0 when not, -1 when they are on another shard by now: then nothing was written
if redis.call('TYPE', KEYS[1]).ok == 'hash' and redis.call('HGET', KEYS[1], 'version') == 'moved' then return -1 end
return redis.call('DEL', KEYS[1])
