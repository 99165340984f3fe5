-- What is known of the jobs: who holds them, what is kept of them, their lanes. And what is to be written in the end: once for
-- all of them, and what stays before anything is removed.
-- uses queue/settle/arguments queue/lib/offers queue/lib/lines
local own = rc('ZMSCORE', kLeased, unpack(entries))
-- Of most jobs nothing is kept: what waits in its millions beside them is not looked at then.
local keptAny, states = {}, {}
do
  local found = #keptEntries > 0 and rc('HMGET', kState, unpack(keptEntries)) or {}
  for i = 1, #keptEntries do keptAny[keptEntries[i]] = true; states[keptEntries[i]] = found[i] end
end
local cancelAny = rc('EXISTS', kCancelling) == 1
local orderedAny = lines.any()
loadLanes(laneNames)

local unlease, gone, goneIds, goneKept, unparked = {}, {}, {}, {}, {}
local sentRecords, closedRecords = {}, {}
local bodies, keptStates, order, due = {}, {}, {}, {}
