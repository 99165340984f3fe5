#!lua flags=no-writes,allow-oom
-- Which ids this shard knows: those of living jobs, and of jobs that ended within the dedupe window.
--
-- KEYS   1 prefix of the shard
-- ARGV   ids, at most 1,000
-- RETURN 1 if there are jobs that were not taken in yet, else 0; then 1 or 0 for each id
-- uses queue/lib/clock queue/lib/inbox
local out = { #inboxAfter(cursor_ or '0-0', 1) }
local living = rc('HMGET', kIds, unpack(ARGV))
for i = 1, #ARGV do out[i + 1] = living[i] and 1 or 0 end
local buckets = rc('ZRANGE', P .. 'known-buckets', 0, 15, 'REV')
for i = 1, #buckets do
  local ended = rc('SMISMEMBER', P .. 'known:' .. buckets[i], unpack(ARGV))
  for k = 1, #ARGV do if ended[k] == 1 then out[k + 1] = 1 end end
end
return out
