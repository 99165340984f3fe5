-- Redis' own clock, which all gateways share. Within a script it stands still.

-- RETURN epoch microseconds
local function wallMicros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- RETURN epoch milliseconds
local function wallMillis() return math.floor(wallMicros() / 1000) end
