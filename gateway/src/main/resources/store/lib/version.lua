-- The versions of a person.
-- uses redis/time

-- RETURN as text the version after this one; nil is none, and the person a new one
-- Versions start at the time, so that a person deleted and made again never has one twice.
local function nextVersion(version)
  return string.format('%.0f', tonumber(version) and version + 1 or wallMicros())
end
