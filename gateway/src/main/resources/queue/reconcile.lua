#!lua flags=allow-oom
-- Repairs what scripts keep about lanes, should it ever differ from the jobs themselves, and reports what it found.
-- Counts are corrected only when all leases fit into one call; a lane is examined whole or not at all.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 most leases to examine     3 cursor over ids, 0 to begin     4 ids per call
--        then lanes to look at, at most 500
-- RETURN next cursor, counts corrected, lanes offered, ids without a body
local MOST, CURSOR, STEP = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local corrected, offered, orphans = 0, 0, 0

local function laneOf(entry)
  local text = rc('HGET', kParked, entry)
  if text then
    local _, lane = readParked(text)
    return lane
  end
  local es = rc('XRANGE', kInbox, entry, entry)
  if not es[1] then return nil end
  local fields = toMap(es[1][2])
  return fields.action or fields.lane
end

local function correctBusy()
  if rc('ZCARD', kLeased) > MOST then return end
  local real = {}
  for _, entry in ipairs(rc('ZRANGE', kLeased, 0, -1)) do
    local lane = laneOf(entry)
    if lane then real[lane] = (real[lane] or 0) + 1 end
  end
  local kept = rc('HGETALL', kBusy)
  for i = 1, #kept, 2 do
    local lane = kept[i]
    if real[lane] ~= tonumber(kept[i + 1]) then
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
    local indexed = rc('ZSCORE', kReady, names[i]) or rc('ZSCORE', kWake, names[i])
    if not indexed then
      offerHead(lanes[names[i]])
      if readyNow[names[i]] or wakeAt[names[i]] then offered = offered + 1 end
    end
  end
  saveIndex()
end

-- An id whose body is gone would block its id for ever and never be sent: it is reported and let go.
local function dropOrphans()
  local page = rc('HSCAN', kIds, CURSOR, 'COUNT', STEP)
  local found = page[2]
  for i = 1, #found, 2 do
    local id, entry = found[i], found[i + 1]
    if rc('HEXISTS', kParked, entry) == 0 and #rc('XRANGE', kInbox, entry, entry) == 0 then
      orphans = orphans + 1
      rc('XADD', kQuarantine, 'MAXLEN', '~', 10000, '*', 'reason', 'body missing', 'entry', entry, 'raw', cmsgpack.pack({ 'id', id }))
      rc('HDEL', kIds, id)
      rc('ZREM', kLeased, entry)
    end
  end
  return page[1]
end

local nextCursor = dropOrphans()
correctBusy()
offerLanes()
if orphans > 0 then count('orphans', orphans) end
saveCounts()
return { nextCursor, corrected, offered, orphans }
