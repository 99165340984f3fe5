#!lua flags=allow-oom
-- Gives a gateway as many requests to a host as its limit has left, of all gateways together.
--
-- KEYS   1 prefix of the shard:  rate:<host>  string  when all that was given would be used up, us, one after the other
-- ARGV   1 host     2 requests per second     3 how many are wanted, 1 or more
-- RETURN how many are given; if that is fewer, after how many us there is another, else 0
-- uses redis/values redis/time
local key, step, wanted = P .. 'rate:' .. ARGV[1], 1000000 / ARGV[2], tonumber(ARGV[3])
local burst = math.max(1, math.ceil(ARGV[2] / 10)) -- a tenth of a second, as a lane's
local now = wallMicros()
-- Not longer than all of a burst takes: the limit was lower until now, or the clock was ahead.
local used = math.max(now, math.min(number(rc('GET', key), 0), now + burst * step))
local given = math.max(0, math.min(wanted, math.floor((now - used) / step + burst)))
if given > 0 then
  used = math.ceil((used + given * step) * 4) / 4 -- what a number of this size can say, and not before it is due
  rc('SET', key, string.format('%.2f', used), 'PX', math.ceil((used - now) / 1000) + 1000)
end
if given == wanted then return { given, 0 } end
return { given, math.ceil(used - (burst - 1) * step - now) }
