#!lua flags=no-writes,allow-oom
-- When waiting jobs come due.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit   2 length of a step, ms   3 number of steps, at most 200   then lanes, at most 8
-- RETURN now (ms), jobs due before, jobs due after the last step, then the jobs due in each step
-- uses queue/lib/clock
local step, steps = tonumber(ARGV[2]), min(tonumber(ARGV[3]), 200)
local out = { ms, 0, 0 }
for i = 1, steps do out[3 + i] = 0 end

-- n jobs are due in the steps from a to before b: where, is found by halving, so that empty hours cost nothing.
local function spread(key, a, b, n)
  if n == 0 then return end
  if b - a == 1 then out[4 + a] = out[4 + a] + n return end
  local middle = floor((a + b) / 2)
  local left = rc('ZCOUNT', key, ms + a * step, '(' .. string.format('%.0f', ms + middle * step))
  spread(key, a, middle, left)
  spread(key, middle, b, n - left)
end

for i = 4, min(#ARGV, 11) do
  local key = DUE .. ARGV[i]
  local before = rc('ZCOUNT', key, '-inf', '(' .. nowText)
  local after = rc('ZCOUNT', key, ms + steps * step, '+inf')
  out[2], out[3] = out[2] + before, out[3] + after
  spread(key, 0, steps, rc('ZCARD', key) - before - after)
end
return out
