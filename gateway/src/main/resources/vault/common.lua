-- What the scripts of the vault share. PREFIX is where all its keys begin.
local PREFIX = KEYS[1]

-- Epoch milliseconds on Redis' clock.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Tells every instance that something changed. A number that was used before must not come again when Redis was emptied
-- or restored, so it is the time (us), and always one that grows.
local function changed()
  local time = redis.call('TIME')
  local before = tonumber(redis.call('GET', PREFIX .. 'change') or 0)
  redis.call('SET', PREFIX .. 'change', string.format('%.0f', math.max(time[1] * 1000000 + time[2], before + 1)))
end
