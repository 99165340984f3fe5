#!lua
-- Removes a reporting webhook and all that is known of it.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 id     2 entries to keep on the stream
-- RETURN 1 when there was one, else 0
-- uses report/lib/stream
if rc('HDEL', kWebhooks, ARGV[1]) == 0 then return 0 end
rc('UNLINK', STATE .. ARGV[1])
announce(ARGV[2])
return 1
