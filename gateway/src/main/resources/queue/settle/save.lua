-- What all settlements of a call leave behind.
-- uses queue/settle/jobs queue/lib/history queue/lib/requests queue/lib/known queue/lib/offers queue/lib/counters

-- What the deliveries of this block of the history were sent as gets its number; the oldest go when memory is used up.
local function keepRequests(block)
  local size = block and BLOCK ~= '' and rc('STRLEN', REQUESTS_OF .. BLOCK) or 0
  if size == 0 then return end
  local kept = REQUESTS_OF .. string.format('%.0f', block)
  rc('RENAME', REQUESTS_OF .. BLOCK, kept)
  rc('PERSIST', kept)
  dropRequests(REQUEST_BYTES, size, block)
end

local function save()
  wide('HSET', kParked, bodies) --! the body is kept
  wide('HSET', kState, keptStates) --! the state is kept
  wide('ZADD', kParkedAt, order)
  for name, list in pairs(due) do wide('ZADD', DUE .. name, list) end --! a retry is queued
  keepRequests(remember('sent', SENT_KEPT, sentRecords))
  remember('closed', CLOSED_KEPT, closedRecords)
  keepKnown(goneIds, WINDOW)
  for i = 1, orderedAny and #gone or 0 do lines.leave(gone[i]) end --! who ended leaves its line
  wide('ZREM', kLeased, unlease) --! the lease ends
  wide('HDEL', kIds, goneIds) --! an ended id is alive no more
  wide('XDEL', kInbox, gone) --! an ended body goes
  wide('XDEL', kInbox, unparked) --! a parked body leaves the inbox
  wide('HDEL', kParked, goneKept)
  wide('ZREM', kParkedAt, goneKept)
  wide('HDEL', kState, goneKept) --! an ended state goes
  if cancelAny then wide('HDEL', kCancelling, unlease) end
  saveLanes()
  saveCounts()
  rc('XTRIM', kResults, 'MAXLEN', '~', RESULTS)
end
