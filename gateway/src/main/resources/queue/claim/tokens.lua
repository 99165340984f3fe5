-- Leases come in 64 lengths, and a token divided by 64 leaves the number of its length. So tokens of two lengths are
-- never equal, those of one length grow with the clock, and no entry gets a token twice, whatever its lane is told.
-- uses queue/claim/arguments queue/claim/time
us = us + (64 - us % 64) % 64 --! tokens of a claim are apart

local handed = {} -- tokens given by this claim

-- Outlasts any attempt of the lane: whole seconds up to 48, from there to 648 s by 40.
local function tokenOf(lane)
  if not lane.token then
    local seconds = ceil(((lane.attempt or LONGEST) + MARGIN) / 1000) --! leases are as long as the lane's attempts
    local length = seconds
    if seconds > 48 then
      length = min(63, 48 + ceil((seconds - 48) / 40))
      seconds = 48 + (length - 48) * 40
    end
    lane.token = string.format('%.0f', us + seconds * 1000000 + length) --! a token tells its length
    handed[lane.token] = true
  end
  return lane.token
end
