-- Which lanes can be served, and when: the sets ready and wake.
-- uses queue/lib/lanes queue/lib/writes
local readyNow, wakeAt = {}, {}

local function wake(name, at)
  if at == HELD then return end
  if not wakeAt[name] or at < wakeAt[name] then wakeAt[name] = at end
end

-- The lane has work due at this time: index it by when it can be served.
local function offer(lane, due)
  if due == HELD then return end
  if lane.paused > due then due = lane.paused end
  if due > ms then wake(lane.name, due)
  elseif lane.busy < lane.cap then readyNow[lane.name] = true
  elseif lane.ramps then wake(lane.name, ms + 100) end
end

local function offerHead(lane)
  local head = rc('ZRANGE', DUE .. lane.name, 0, 0, 'WITHSCORES')
  if head[1] then offer(lane, tonumber(head[2])) end
end

local function saveIndex()
  local list = {}
  for name in pairs(readyNow) do list[#list + 1] = virtual; list[#list + 1] = name end
  wide('ZADD', kReady, list, 'NX')
  list = {}
  for name, at in pairs(wakeAt) do list[#list + 1] = at; list[#list + 1] = name end
  wide('ZADD', kWake, list, 'LT')
  readyNow, wakeAt = {}, {}
end

local function saveLanes()
  local set, gone = {}, {}
  for name, lane in pairs(lanes) do
    if lane.busy ~= lane.was then
      if lane.was >= lane.cap and lane.busy < lane.cap then offerHead(lane) end --! a freed slot is offered
      if lane.busy > 0 then set[#set + 1] = name; set[#set + 1] = lane.busy else gone[#gone + 1] = name end
      lane.was = lane.busy
    end
    if lane.rated then rc('HSET', kRates, name, lane.tat); lane.rated = nil end
  end
  wide('HSET', kBusy, set)
  wide('HDEL', kBusy, gone)
  saveIndex()
end
