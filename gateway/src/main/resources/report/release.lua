#!lua flags=allow-oom
-- Gives up the right to send, so that another gateway need not wait for its end.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 webhook id     2 who has it
-- RETURN 1 given up, 0 it was not theirs
-- uses report/lib/stream
local key = STATE .. ARGV[1]
if rc('HGET', key, 'owner') ~= ARGV[2] then return 0 end
rc('HDEL', key, 'owner', 'until')
return 1
