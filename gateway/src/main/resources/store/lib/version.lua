-- The versions of a person.

-- RETURN as text the version after this one; nil is none, and the person a new one
-- Versions start at the time, so that a person deleted and made again never has one twice.
local function nextVersion(version)
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(version) and version + 1 or time[1] * 1000000 + time[2])
end
