-- Waiting work: start-time fair queueing. The lane with the smallest virtual tag is served next; k jobs move its tag by
-- k / weight.
-- uses queue/claim/quota queue/claim/tokens queue/claim/bodies queue/lib/offers

-- Lanes whose time came.
local function wakeLanes()
  local names = rc('ZRANGE', kWake, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, 256)
  if #names == 0 then return end
  loadLanes(names)
  for i = 1, #names do offerHead(lanes[names[i]]) end --! woken lanes are offered
  rc('ZREM', kWake, unpack(names)) -- before saveIndex, which may put a lane back with a later time
  saveIndex()
  anyChange = true
end

local function turn(lane, room, entries, of)
  local allowed, at = quota(lane)
  allowed = min(allowed, room, TURN)
  if allowed <= 0 then return 0, false, at end
  local key = DUE .. lane.name
  local due = rc('ZRANGE', key, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, allowed + 1)
  local k = min(#due, allowed)
  for i = 1, k do entries[#entries + 1] = due[i]; of[#of + 1] = lane end
  take(lane, k)
  if #due > allowed then
    local left, later = quota(lane)
    return k, left > 0, later
  end
  local head = rc('ZRANGE', key, k, k, 'WITHSCORES')
  return k, false, head[1] and tonumber(head[2])
end

-- Asks each of the lanes in turn. RETURN the entries to lease and their lanes; what is taken from which set of due work; the
-- lanes that stay ready with their new tags, and those that do not
local function turns(ready, limit)
  local entries, of, cuts, stay, leave = {}, {}, {}, {}, {}
  for i = 1, #ready, 2 do
    local room = limit - claimed - #entries
    if room <= 0 then break end
    local lane, tag = lanes[ready[i]], max(0, number(ready[i + 1], virtual))
    local k, more, at = turn(lane, room, entries, of)
    if tag > virtual then virtual = tag end
    if k > 0 then
      cuts[#cuts + 1] = DUE .. lane.name
      cuts[#cuts + 1] = k - 1 --! no more leaves a lane than is leased
    end
    if more then stay[#stay + 1] = tag + k / lane.weight; stay[#stay + 1] = lane.name
    else
      leave[#leave + 1] = lane.name
      if at then wake(lane.name, at) end
    end
  end
  return entries, of, cuts, stay, leave
end

local function serveRound(limit)
  local ready = rc('ZRANGE', kReady, 0, min(64, limit - claimed) - 1, 'WITHSCORES')
  if #ready == 0 then return false end
  local names, leases = {}, {}
  for i = 1, #ready, 2 do names[#names + 1] = ready[i] end
  loadLanes(names)
  local entries, of, cuts, stay, leave = turns(ready, limit)
  for i = 1, #entries do leases[2 * i - 1] = tokenOf(of[i]); leases[2 * i] = entries[i] end
  wide('ZADD', kLeased, leases)
  for i = 1, #cuts, 2 do rc('ZREMRANGEBYRANK', cuts[i], 0, cuts[i + 1]) end --! leased work is queued no more
  if #stay > 0 then rc('ZADD', kReady, unpack(stay)) end
  if #leave > 0 then rc('ZREM', kReady, unpack(leave)) end
  if #entries > 0 then leaseBodies(entries, of) end
  saveIndex()
  anyChange = true
  return true
end

local MOST_ROUNDS = 64
local function serveLanes(limit)
  local rounds = 0
  while claimed < limit and claimedBytes < MAX_BYTES and rounds < MOST_ROUNDS and serveRound(limit) do rounds = rounds + 1 end
end
