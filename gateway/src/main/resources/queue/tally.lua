#!lua flags=allow-oom
-- Adds what was counted since the last time to the figures of actions, and drops those that are too old.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 1 when periods without anything else are to show that somebody counted, or 0
--        then flat: lane, what, how many
-- RETURN 1
-- uses queue/lib/figures
local sums = {}
for i = 3, #ARGV, 3 do
  tallyOf(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  sums[ARGV[i + 1]] = (sums[ARGV[i + 1]] or 0) + ARGV[i + 2]
end
for what, n in pairs(sums) do tallyOf('*', what, string.format('%.0f', n)) end
if ARGV[2] == '1' then tallyOf('*', 'seen', 1) end
local kBuckets = P .. 'tally-buckets'
local old = rc('ZRANGE', kBuckets, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, 10)
for i = 1, #old do
  rc('UNLINK', P .. 'tally:' .. old[i])
  rc('ZREM', kBuckets, old[i])
end
return 1
