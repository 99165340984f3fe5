#!lua flags=allow-oom
-- Adds what was counted since the last time to the figures of actions, and drops those that are too old.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     then flat: lane, what, how many
-- RETURN 1
-- uses queue/lib/figures
for i = 2, #ARGV, 3 do tally(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
local kBuckets = P .. 'tally-buckets'
local old = rc('ZRANGE', kBuckets, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, 10)
for i = 1, #old do
  rc('UNLINK', P .. 'tally:' .. old[i])
  rc('ZREM', kBuckets, old[i])
end
return 1
