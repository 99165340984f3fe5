-- What the scripts of the vault share. PREFIX is where all its keys begin.
local PREFIX = KEYS[1]

-- Epoch milliseconds on Redis' clock.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Tells every instance that something changed.
local function changed()
  redis.call('INCR', PREFIX .. 'change')
end
