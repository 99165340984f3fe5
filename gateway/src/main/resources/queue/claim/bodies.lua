-- The bodies of what was leased: handed out, or given back where there are too many claimedBytes or none.
-- uses queue/claim/arguments queue/claim/progress queue/claim/damaged queue/claim/read queue/lib/offers queue/lib/parked
local function giveBack(entry, lane)
  rc('ZADD', DUE .. lane.name, nowText, entry)
  rc('ZREM', kLeased, entry)
  lane.busy = lane.busy - 1
  offer(lane, ms)
end

local function lose(entry, lane, text)
  expel(entry, text)
  lane.busy = lane.busy - 1
end

local parkedAny, stateAny
local function leaseSome(entries, of)
  if parkedAny == nil then parkedAny = rc('EXISTS', kParked) == 1 end
  if stateAny == nil then stateAny = rc('EXISTS', kState) == 1 end
  local parked = parkedAny and rc('HMGET', kParked, unpack(entries)) or {}
  local state = stateAny and rc('HMGET', kState, unpack(entries)) or {}
  local wanted = {}
  for i = 1, #entries do if not parked[i] then wanted[#wanted + 1] = entries[i] end end
  local found = #wanted > 0 and readInbox(wanted) or {}
  for i = 1, #entries do
    local body = parked[i] or found[entries[i]]
    if not body or parked[i] and not readParked(body) then lose(entries[i], of[i], body)
    elseif claimedBytes >= MAX_BYTES then giveBack(entries[i], of[i])
    else
      claimedBytes = claimedBytes + (parked[i] and #body or sizeOf(body))
      local o = #rest
      rest[o + 1] = entries[i]
      rest[o + 2] = of[i].token --! the token that is told is the lease's
      rest[o + 3] = body; rest[o + 4] = state[i] or ''; rest[o + 5] = of[i].name
      claimed = claimed + 1
    end
  end
end

-- By 64, so that large bodies beyond the byte limit are given back unread.
local function leaseBodies(entries, of)
  for a = 1, #entries, 64 do
    local b = min(a + 63, #entries)
    if claimedBytes >= MAX_BYTES then for i = a, b do giveBack(entries[i], of[i]) end
    else leaseSome({ unpack(entries, a, b) }, { unpack(of, a, b) }) end
  end
end
