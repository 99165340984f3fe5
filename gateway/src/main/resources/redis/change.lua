-- The number of the last change, by which instances see that there is something to read.
-- uses redis/values redis/time

-- Tells every instance that something changed. A number that was used before must not come again when Redis was emptied
-- or restored, so it is the time (us), and always one that grows.
local function changed()
  local before = number(rc('GET', P .. 'change'), 0)
  rc('SET', P .. 'change', string.format('%.0f', math.max(wallMicros(), before + 1)))
end
