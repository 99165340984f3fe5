-- What one look at the shard tells: its time, and whatever else the scripts keep about it.
-- uses redis/values redis/time queue/lib/quarantine
local clock_, virtual_, cursor_, reports_, ahead_, rescan_ =
  unpack(rc('HMGET', kMeta, 'clock', 'virtual', 'cursor', 'reports', 'ahead', 'rescan'))

-- The shard's clock, us: Redis' own and what it is ahead of it, and never backwards, so that lease tokens stay unique when
-- the host's clock steps. Standing still until the host has caught up would hold up every retry for the length of the
-- step: after one of more than a second the shard's clock runs on from where it was, and claims bring the two together again.
-- More than a year is damage and no step.
local YEAR = 366 * 86400e6
local wall = wallMicros()
local ahead, lastUs = number(ahead_, 0), number(clock_, 0)
if ahead < 0 or ahead > YEAR then ahead = 0 end
if lastUs > wall + YEAR then lastUs = 0 end
local us = wall + ahead
if us <= lastUs then
  if lastUs - us > 1000000 then ahead = lastUs - wall end
  us = lastUs + 1
end
local ms = floor(us / 1000)
local nowText = string.format('%.0f', ms)
local HELD = 100000000000000 -- ms, the year 5138; when a job is due that waits for its turn in a line
