#!lua flags=allow-oom
-- A person arrives on their new shard, once in a change: whoever comes later finds them there, or deleted by now.
--
-- KEYS   1 prefix of the shard:  person:<id>  hash   version, attributes
--                                arrived      set    who arrived in this change
--                                meta         hash   moving, the change that people move in
-- ARGV   1 change    2 person    3 version or '' for nobody    4 attributes
-- RETURN 1 if they arrived, 0 if they had; nil when the shard knows nothing of this change: then nothing was written
-- uses redis/guard
if rc('HGET', P .. 'meta', 'moving') ~= ARGV[1] then return false end
if rc('SISMEMBER', P .. 'arrived', ARGV[2]) == 1 then return 0 end
local person = P .. 'person:' .. ARGV[2]
rc('DEL', person)
if ARGV[3] ~= '' then rc('HSET', person, 'version', ARGV[3], 'attributes', ARGV[4]) end
rc('SADD', P .. 'arrived', ARGV[2])
return 1
