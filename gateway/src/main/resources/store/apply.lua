#!lua
-- Gives a person what a delivery on another shard sets, once for each delivery.
--
-- KEYS   1 prefix of the person's shard:  person:<id>    hash    version, attributes
--                                         applied:<delivery>  string  what was set for it, until it is settled or too old
-- ARGV   1 person    2 delivery, as its shard and entry    3 version that the attributes were made from, 0 for none
--        4 attributes, a JSON object    5 what is to be remembered of it    6 for how long, seconds
--        7 end of the delivery's lease, epoch us: after it the delivery is somebody else's
-- RETURN what is remembered: ARGV[5], or what an earlier call for the delivery brought, and then nothing was written; nil when
--        somebody changed the person since; 0 when the lease is over
-- uses redis/guard redis/time store/lib/version
local marker, person = P .. 'applied:' .. ARGV[2], P .. 'person:' .. ARGV[1]
local before = rc('GET', marker)
if before then return before end --! a delivery sets its attributes once
if wallMicros() >= tonumber(ARGV[7]) then return 0 end --! who lost the lease sets nothing elsewhere
local version = rc('HGET', person, 'version')
if (version or '0') ~= ARGV[3] then return false end --! the version of a person elsewhere is compared
rc('HSET', person, 'version', nextVersion(version), 'attributes', ARGV[4]) --! the person elsewhere is written
rc('SET', marker, ARGV[5], 'EX', ARGV[6]) --! what was set elsewhere is remembered
return ARGV[5]
