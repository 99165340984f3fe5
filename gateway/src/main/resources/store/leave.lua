#!lua
-- A person leaves a shard: from now on nothing changes them here, and whoever asks hears that they moved. The first call
-- freezes them as they are, those that follow answer the same.
--
-- KEYS   1 prefix of the shard:  person:<id>  hash    version, attributes; of one that left version is moved, and was
--                                                     their version, both gone once they have arrived for good
--                                meta         hash    moving, the change that people move in
-- ARGV   1 change    2 person    3 1 when they have arrived for good
-- RETURN 0 when they are gone for good, else their version, or '' for nobody, and attributes; nil when the shard knows
--        nothing of this change: then nothing was written
-- uses redis/guard
if rc('HGET', P .. 'meta', 'moving') ~= ARGV[1] then return false end
local person = P .. 'person:' .. ARGV[2]
local version = rc('HGET', person, 'version')
if version ~= 'moved' then
  rc('HSET', person, 'version', 'moved', 'was', version or '')
elseif ARGV[3] == '1' then
  rc('HDEL', person, 'was', 'attributes')
end
local was = rc('HGET', person, 'was')
if not was then return 0 end
return { was, rc('HGET', person, 'attributes') or '' }
