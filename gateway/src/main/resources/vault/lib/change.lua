-- What the scripts of the vault share.
-- uses redis/values

-- Epoch milliseconds on Redis' clock.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Tells every instance that something changed. A number that was used before must not come again when Redis was emptied
-- or restored, so it is the time (us), and always one that grows.
local function changed()
  local time = redis.call('TIME')
  local before = number(rc('GET', P .. 'change'), 0)
  rc('SET', P .. 'change', string.format('%.0f', math.max(time[1] * 1000000 + time[2], before + 1)))
end
