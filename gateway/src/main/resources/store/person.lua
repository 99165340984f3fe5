#!lua
-- Gives a person new attributes, if they are still the version that those were made from.
--
-- KEYS   1 the person    hash   version, attributes
-- ARGV   1 that version, 0 when the person was not stored, or '' for whatever it is    2 attributes, a JSON object
-- RETURN the new version, '' when somebody changed the person since, or moved when they are on another shard by now: then
--        nothing was written; 1 if it is a new person
-- uses store/lib/version
-- What is of another type is overwritten: it was asked for.
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
local version = redis.call('HGET', KEYS[1], 'version')
if version == 'moved' then return { version, 0 } end
if ARGV[1] ~= '' and (version or '0') ~= ARGV[1] then return { '', 0 } end
local new = nextVersion(version)
redis.call('HSET', KEYS[1], 'version', new, 'attributes', ARGV[2])
return { new, version and 0 or 1 }
