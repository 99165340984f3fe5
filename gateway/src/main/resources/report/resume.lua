#!lua
-- Ends a pause or a wait between two attempts.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 id
-- RETURN 1 when there is such a webhook, else 0
-- uses report/lib/stream
if rc('HEXISTS', kWebhooks, ARGV[1]) == 0 then return 0 end
rc('HDEL', STATE .. ARGV[1], 'failures', 'not-before', 'paused')
return 1
