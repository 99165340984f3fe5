#!lua flags=allow-oom
-- Repairs what scripts keep about lanes, should it ever differ from the jobs themselves, and reports what it found.
-- Counts are corrected only when all leases and their bodies fit into one call; a lane is examined whole or not at all.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 most leases to examine     3 cursor over ids, 0 to begin     4 ids per call
--        then lanes to look at, at most 500
-- RETURN next cursor (0 at the end; N:M when the page at N is done up to its Mth id), counts corrected, lanes offered,
--        ids without a body, jobs that were nowhere and are queued again
-- uses queue/lib/types queue/lib/bodies queue/lib/state queue/lib/offers queue/lib/counters queue/lib/quarantine
-- uses queue/reconcile/lost
local MOST_BYTES = 16777216 -- of bodies, for leases and for ids each: reading them holds up Redis for a few milliseconds
local MOST, CURSOR, STEP = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local corrected, offered, orphans, lost, bytes = 0, 0, 0, 0, 0

local function laneOf(entry, text)
  if text then
    local _, lane = readParked(text)
    bytes = bytes + #text
    return lane
  end
  local list = inInbox(entry)
  if not list then return nil end
  bytes = bytes + sizeOf(list)
  local fields = toMap(list)
  return fields.action or fields.lane
end

local function correctBusy()
  if rc('ZCARD', kLeased) > MOST then return end
  local real = {}
  bytes = 0
  for _, entry in ipairs(rc('ZRANGE', kLeased, 0, -1)) do
    local lane = laneOf(entry, rc('HGET', kParked, entry))
    if lane then real[lane] = (real[lane] or 0) + 1 end
    if bytes > MOST_BYTES then return end
  end
  local kept = rc('HGETALL', kBusy)
  for i = 1, #kept, 2 do
    local lane = kept[i]
    if real[lane] ~= number(kept[i + 1], -1) then
      corrected = corrected + 1
      if real[lane] then rc('HSET', kBusy, lane, real[lane]) else rc('HDEL', kBusy, lane) end
    end
    real[lane] = nil
  end
  for lane, n in pairs(real) do
    corrected = corrected + 1
    rc('HSET', kBusy, lane, n)
  end
end

local function offerLanes()
  local names = {}
  for i = 5, min(#ARGV, 504) do names[#names + 1] = ARGV[i] end
  if #names == 0 then return end
  loadLanes(names)
  for i = 1, #names do
    if not rc('ZSCORE', kReady, names[i]) then
      local wakes = rc('ZSCORE', kWake, names[i])
      offerHead(lanes[names[i]])
      local at = wakeAt[names[i]]
      if not wakes and (readyNow[names[i]] or at) or at and tonumber(wakes) > at then offered = offered + 1 end
    end
  end
  saveIndex()
end

-- An id whose body is gone would block its id for ever and never be sent: it is reported and let go.
local function dropOrphan(id, entry)
  orphans = orphans + 1
  toQuarantine(entry, 'body missing', { 'id', id })
  rc('HDEL', kIds, id)
  rc('ZREM', kLeased, entry)
end

-- A page may hold more bodies than one call should read; the next call goes on within it. Should the page have changed
-- by then, what it missed waits for the next round.
local function lookAfterIds()
  local cursor, done = match(CURSOR, '^(%d+):?(%d*)$')
  cursor, done, bytes = cursor or '0', tonumber(done) or 0, 0
  local page = rc('HSCAN', kIds, cursor, 'COUNT', STEP)
  local found = page[2]
  for i = done * 2 + 1, #found, 2 do
    if bytes > MOST_BYTES then
      saveIndex()
      return cursor .. ':' .. (i - 1) / 2
    end
    local id, entry = found[i], found[i + 1]
    local text = rc('HGET', kParked, entry)
    local lane = laneOf(entry, text)
    if lane then lost = lost + queueLost(entry, lane)
    elseif not text and not inInbox(entry) then dropOrphan(id, entry) end
  end
  saveIndex()
  return page[1]
end

local nextCursor = lookAfterIds()
correctBusy()
offerLanes()
if orphans > 0 then count('orphans', orphans) end
if lost > 0 then count('queued_again', lost) end
saveCounts()
return { nextCursor, corrected, offered, orphans, lost }
