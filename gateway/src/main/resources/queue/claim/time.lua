-- A clock that was stepped back: the others must hear of it though nothing else may be written. One percent of the time
-- that passes brings the shard's clock back to the host's.
-- uses queue/lib/clock
if ahead ~= number(ahead_, 0) then rc('HSET', kMeta, 'clock', string.format('%.0f', us), 'ahead', string.format('%.0f', ahead)) end
local AHEAD_MS = ceil(ahead / 1000) -- up: a millisecond late is on time, one early is not
local caughtUp = ahead > 0 and max(0, ahead - max(1, floor((us - lastUs) / 100)))
