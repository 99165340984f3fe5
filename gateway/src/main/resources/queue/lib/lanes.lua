-- Lanes: limits and counts as loaded, changed here, written once by saveLanes.
--
-- ARGV   1 default limit of leased jobs per lane
-- uses redis/values queue/lib/clock queue/lib/shorthand
local LANE_CAP = tonumber(ARGV[1])
local RAMP = 10000 -- ms a resumed lane takes to get back to its whole limit
local virtual = max(0, number(virtual_, 0))
local lanes, limited = {}, nil
local LIMITS = '^(%d*),([%d.]*),(%d*),([%d.]*),(%d*),(%d*)$' -- RedisKeys.laneLimits says what these are

local function parseLimits(lane, text)
  local cap, weight, paused, rate, resumed, attempt = match(text, LIMITS)
  lane.cap = tonumber(cap) or LANE_CAP
  lane.attempt = tonumber(attempt)
  lane.weight = tonumber(weight) or 1
  if lane.weight <= 0 then lane.weight = 1 end
  lane.paused = tonumber(paused) or 0
  local since = ms - (tonumber(resumed) or 0)
  if since >= 0 and since < RAMP then lane.cap, lane.ramps = max(1, floor(lane.cap * since / RAMP)), true end
  rate = tonumber(rate)
  if rate and rate > 0 then
    lane.step, lane.burst = 1000 / rate, max(1, ceil(rate / 10))
    lane.tat = min(number(rc('HGET', kRates, lane.name), 0), ms + (lane.burst + 1) * lane.step)
  end
end

local function loadLanes(names)
  local need = {}
  for i = 1, #names do
    local name = names[i]
    if not lanes[name] then
      need[#need + 1] = name
      lanes[name] = { name = name, cap = LANE_CAP, weight = 1, paused = 0, busy = 0, was = 0 }
    end
  end
  if #need == 0 then return end
  if limited == nil then limited = rc('EXISTS', kLimits) == 1 end
  for a = 1, #need, 1000 do
    local b = min(a + 999, #need)
    local busy = rc('HMGET', kBusy, unpack(need, a, b))
    local limits = limited and rc('HMGET', kLimits, unpack(need, a, b))
    for i = a, b do
      local lane = lanes[need[i]]
      if limits and limits[i - a + 1] then parseLimits(lane, limits[i - a + 1]) end
      lane.busy = max(0, floor(number(busy[i - a + 1], 0)))
      if lane.busy >= lane.cap then lane.busy = min(lane.busy, rc('ZCARD', kLeased)) end -- all there are
      lane.was = lane.busy
    end
  end
end
