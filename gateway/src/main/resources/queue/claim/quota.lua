-- How many jobs of a lane may be leased.
-- uses queue/claim/arguments queue/lib/lanes
local LATER = 25 -- ms; when a lane of which this claim takes no more is looked at again

-- How many more jobs the lane may lease now; when that is 0 and time alone changes it, also when (ms). A saturated
-- lane names no time: the settlement that frees a slot offers it again.
local function quota(lane)
  if lane.paused > ms then return 0, lane.paused end --! a pause holds
  local free = lane.cap - lane.busy --! the limit of a lane holds
  local most = mostNow[lane.name]
  if most then
    most = most - (lane.taken or 0)
    if most <= 0 then return 0, ms + LATER end
    free = min(free, most)
  end
  if free <= 0 then return 0, lane.ramps and ms + 100 or nil end
  if lane.step then
    local tat = max(lane.tat, ms)
    local allowed = floor((ms - tat) / lane.step + lane.burst + 1e-6)
    if allowed <= 0 then return 0, ceil(tat - (lane.burst - 1) * lane.step) end
    free = min(free, allowed)
  end
  return free
end

local function take(lane, n)
  lane.busy = lane.busy + n
  lane.taken = (lane.taken or 0) + n
  if lane.step then lane.tat, lane.rated = max(lane.tat, ms) + n * lane.step, true end
end
