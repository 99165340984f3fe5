#!lua flags=allow-oom
-- Keeps since when lanes bring nothing but failures.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 number of lanes that had a success since the last call     then those, at most 500
--        then lanes that had only failures, at most 500
-- RETURN flat: lane that had only failures, since when, ms
-- uses redis/values redis/time
local kSince = P .. 'failing-since'
local now = string.format('%.0f', wallMillis())
local good, out = tonumber(ARGV[1]), {}
for i = 2, math.min(1 + good, 501) do rc('HDEL', kSince, ARGV[i]) end
for i = 2 + good, math.min(#ARGV, 501 + good) do
  rc('HSETNX', kSince, ARGV[i], now)
  out[#out + 1] = ARGV[i]; out[#out + 1] = rc('HGET', kSince, ARGV[i])
end
return out
