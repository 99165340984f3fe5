#!lua flags=allow-oom
-- Takes in new jobs, returns expired leases, and leases what is due, fairly over lanes. Writes nothing when idle.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit       2 most leases             3 longest attempt, ms       4 most body bytes to lease
--        5 most entries to take in  6 most leases to reclaim  7 jobs of a lane per turn   8 most reclaims of a job
--        9 reclaim spread, ms      10 most bytes of data     11 results kept             12 quarantined entries kept
--       13 dedupe window, ms, 0 for none                     14 ended deliveries kept    15 lease beyond an attempt, ms
--       16 who claims, '' for nobody     17 number of the claim, counted by who claims
--       18 numbers of claims whose replies were lost, ',12,15,'
--        then lanes of which so many are taken at most, flat: lane, number
-- RETURN now, ms; when something more comes due, ms, or -1; 1 if more is due already;
--        fresh leases: lists of a token and the inbox entries leased by it, [entry, [field, value, ...]];
--        other leases: flat entry, token, fields or parked body, state or '', lane;
--        the last inbox entry taken in; names of keys and entries that were set aside.
--        A token is when its leases end, us.
local N, LONGEST, MAX_BYTES = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local INTAKE, RECLAIMS, TURN, MAX_RECLAIMS = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local SPREAD, MAX_DATA, RESULTS, QUARANTINE = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11], ARGV[12]
local WINDOW, CLOSED, MARGIN = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
for i = 19, min(#ARGV, 19 + 255), 2 do mostNow[ARGV[i]] = tonumber(ARGV[i + 1]) end
local CHUNK = 128 -- entries read at once, of small ones
local FIRST, LEAST = 16, 4 -- of those whose size is not known yet, and of large ones
local CHUNK_BYTES = 1048576 -- read at once, as far as the entries before tell: a step that moves more is felt by everybody
local INTAKE_BYTES = 8388608 -- taken in by one call, and a chunk beyond: large bodies hold up Redis for milliseconds, not seconds
local LAG = 50 -- ms; an inbox that is further behind is sorted into lanes, so that a flood waits behind itself
local FARTHEST = 366 * 86400000 -- ms; how far ahead a job may be due
local AHEAD = 60000 -- ms; an id further ahead was chosen by a producer and moves the inbox's last id
local PARK_AFTER = 60000 -- ms; a body due later than this leaves the inbox, whose nodes only empty ones are freed

-- A clock that was stepped back: the others must hear of it though nothing else may be written. One percent of the time
-- that passes brings the shard's clock back to the host's.
if ahead ~= number(meta_[5], 0) then rc('HSET', kMeta, 'clock', string.format('%.0f', us), 'ahead', string.format('%.0f', ahead)) end
local AHEAD_MS = ceil(ahead / 1000) -- up: a millisecond late is on time, one early is not
local caughtUp = ahead > 0 and max(0, ahead - max(1, floor((us - lastUs) / 100)))

-- Leases come in 64 lengths, and a token divided by 64 leaves the number of its length. So tokens of two lengths are
-- never equal, those of one length grow with the clock, and no entry gets a token twice, whatever its lane is told.
us = us + (64 - us % 64) % 64

local WHO, NUMBER, LOST = ARGV[16], tonumber(ARGV[17]), ARGV[18]
local kClaim = P .. 'claim:' .. WHO
local handed = {} -- tokens given by this claim

-- Outlasts any attempt of the lane: whole seconds up to 48, from there to 648 s by 40.
local function tokenOf(lane)
  if not lane.token then
    local seconds = ceil(((lane.attempt or LONGEST) + MARGIN) / 1000)
    local length = seconds
    if seconds > 48 then
      length = min(63, 48 + ceil((seconds - 48) / 40))
      seconds = 48 + (length - 48) * 40
    end
    lane.token = string.format('%.0f', us + seconds * 1000000 + length)
    handed[lane.token] = true
  end
  return lane.token
end

local n, bytes, taken, changed = 0, 0, 0, false -- jobs and their bytes leased, bytes taken in
local fresh, outs, rest = {}, {}, {}

local function quarantine(entry, reason, fields)
  local raw, size = {}, 0
  for i = 1, min(#fields, 64) do
    raw[i] = sub(fields[i], 1, 4096)
    size = size + #raw[i]
    if size > 65536 then break end
  end
  toQuarantine(entry, reason, raw, QUARANTINE)
  count('quarantined')
end

-- A leased entry without a body that says whose it is goes, with what there is of it.
local function expel(entry, text)
  quarantine(entry, text and 'body damaged' or 'body missing', text and pieces(text) or {})
  rc('ZREM', kLeased, entry)
  rc('ZREM', kParkedAt, entry)
  rc('HDEL', kParked, entry)
  rc('HDEL', kState, entry)
  noteDamage(entry)
end

-- 1. Leases that ran out: back to their lanes, spread over time. This costs no attempt, but a job whose lease runs
--    out again and again kills its workers and ends.
-- One that was never received costs nothing at all.
local function reclaimOne(entry, i, unseen)
  local fields, text, list = bodyOf(entry)
  local state = readState(rc('HGET', kState, entry))
  if not fields then return expel(entry, text or list and table.concat(list, ' ')) end
  local name = fields.action or fields.lane
  loadLanes({ name })
  local lane = lanes[name]
  if not unseen then
    state.reclaims = state.reclaims + 1
    state.changed = ms
  end
  if rc('HEXISTS', kCancelling, entry) == 1 then
    cancelNow(entry, fields, state, 'cancelled', RESULTS, CLOSED, WINDOW)
  elseif state.reclaims > MAX_RECLAIMS then
    state.standing, state.reason = 2, 'crash-loop'
    if not text then rc('HSET', kParked, entry, park(fields.id, name, list, '')) end
    rc('HSET', kState, entry, writeState(state))
    rc('ZADD', kFailed, ms, entry)
    publish(fields, 'failed', state.attempts, 0, 0, 'crash-loop', RESULTS)
    tally(name, 'failed', 1)
    rc('ZREM', kParkedAt, entry)
    if not text then rc('XDEL', kInbox, entry) end
    count('failed')
  else
    if not unseen then rc('HSET', kState, entry, writeState(state)) end
    local due = unseen and ms or ms + (i * 7919) % (SPREAD + 1)
    rc('ZADD', DUE .. name, due, entry)
    wake(name, due)
  end
  rc('ZREM', kLeased, entry)
  lane.busy = max(0, lane.busy - 1)
  count(unseen and 'returned' or 'reclaimed')
end

-- What this caller was given by a claim whose reply never reached it goes back at once, instead of when its lease ends.
-- A claim that was held up until a later one of the same caller was served gives nothing: nobody waits for its reply.
local MOST_RETURNED = 256 -- no claim takes more
local HELD_UP = 64 -- claims that may have been served before one that was held up; what is further ahead is no number of ours
local function returnUnseen()
  if WHO == '' then return end
  local number, tokens = match(rc('GETRANGE', kClaim, 0, 4095), '^(%d+)([ %d]*)$')
  if not number or tonumber(number) > NUMBER + HELD_UP then return end
  if tonumber(number) > NUMBER then N = 0; return end
  if not string.find(LOST, ',' .. number .. ',', 1, true) then return end
  local left = MOST_RETURNED
  for token in string.gmatch(tokens, '%d+') do
    local unseen = left > 0 and rc('ZRANGE', kLeased, token, token, 'BYSCORE', 'LIMIT', 0, left) or {}
    for i = 1, #unseen do reclaimOne(unseen[i], i, true) end
    left = left - #unseen
  end
  rc('DEL', kClaim)
  changed = true
  saveLanes()
end

local REMEMBERED = 660000 -- ms; as long as a lease may last
local function rememberClaim()
  if WHO == '' or n == 0 then return end
  local tokens = { tostring(NUMBER) }
  for token in pairs(handed) do tokens[#tokens + 1] = token end
  rc('SET', kClaim, table.concat(tokens, ' '), 'PX', REMEMBERED)
end

local LONGEST_LEASE = 660000000 -- us; more than the longest that a token tells
local function reclaim()
  local expired = rc('ZRANGE', kLeased, '-inf', string.format('%.0f', us), 'BYSCORE', 'LIMIT', 0, RECLAIMS)
  -- A lease that would end later than any does was not given here.
  local never = rc('ZRANGE', kLeased, string.format('%.0f', us + LONGEST_LEASE), '+inf', 'BYSCORE', 'LIMIT', 0, RECLAIMS)
  for i = 1, #never do expired[#expired + 1] = never[i] end
  for i = 1, #expired do reclaimOne(expired[i], i) end
  if #expired > 0 then changed = true; saveLanes() end
end

-- 2. Lanes whose time came.
local function wakeLanes()
  local names = rc('ZRANGE', kWake, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, 256)
  if #names == 0 then return end
  loadLanes(names)
  for i = 1, #names do offerHead(lanes[names[i]]) end
  rc('ZREM', kWake, unpack(names)) -- before saveIndex, which may put a lane back with a later time
  saveIndex()
  changed = true
end

-- 3. Waiting work: start-time fair queueing. The lane with the smallest virtual tag is served next; k jobs move its tag by
--    k / weight.
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

-- Bodies still in the inbox: neighbours are read together as long as most of what is read is wanted. Where they were not
-- neighbours once in this claim, they are not tried again.
local scattered = false
local function readInbox(wanted)
  local found, open, lo, hi = {}, #wanted, nil, nil
  local want = {}
  for i = 1, open do
    local entry = wanted[i]
    want[entry] = true
    local at = match(entry, '^%d+')
    if not at then scattered = true -- no id at all
    else
      if not lo or at < lo then lo = at end
      if not hi or at > hi then hi = at end
    end
  end
  local step = 16
  while open >= 8 and not scattered do
    local es, hits = redis.pcall('XRANGE', kInbox, lo, hi, 'COUNT', step), 0
    if es.err then break end
    for i = 1, #es do
      local entry = es[i][1]
      if want[entry] and not found[entry] then found[entry] = es[i][2]; hits = hits + 1 end
    end
    open = open - hits
    scattered = hits * 2 < #es
    if #es < step then break end
    lo = '(' .. es[#es][1]
    step = min(128, open + 8)
  end
  if open > 0 then
    for i = 1, #wanted do
      local entry = wanted[i]
      if not found[entry] then found[entry] = inInbox(entry) end
    end
  end
  return found
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
    elseif bytes >= MAX_BYTES then giveBack(entries[i], of[i])
    else
      bytes = bytes + (parked[i] and #body or sizeOf(body))
      local o = #rest
      rest[o + 1] = entries[i]; rest[o + 2] = of[i].token; rest[o + 3] = body; rest[o + 4] = state[i] or ''
      rest[o + 5] = of[i].name
      n = n + 1
    end
  end
end

-- By 64, so that large bodies beyond the byte limit are given back unread.
local function leaseBodies(entries, of)
  for a = 1, #entries, 64 do
    local b = min(a + 63, #entries)
    if bytes >= MAX_BYTES then for i = a, b do giveBack(entries[i], of[i]) end
    else leaseSome({ unpack(entries, a, b) }, { unpack(of, a, b) }) end
  end
end

-- One turn of one lane: its due entries go to `entries`. RETURN how many, whether more is due, when it is due otherwise.
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

local function pickRound(limit)
  local ready = rc('ZRANGE', kReady, 0, min(64, limit - n) - 1, 'WITHSCORES')
  if #ready == 0 then return false end
  local names, entries, of, cuts, stay, leave = {}, {}, {}, {}, {}, {}
  for i = 1, #ready, 2 do names[#names + 1] = ready[i] end
  loadLanes(names)
  for i = 1, #ready, 2 do
    local room = limit - n - #entries
    if room <= 0 then break end
    local lane, tag = lanes[ready[i]], max(0, number(ready[i + 1], virtual))
    local k, more, at = turn(lane, room, entries, of)
    if tag > virtual then virtual = tag end
    if k > 0 then cuts[#cuts + 1] = DUE .. lane.name; cuts[#cuts + 1] = k - 1 end
    if more then stay[#stay + 1] = tag + k / lane.weight; stay[#stay + 1] = lane.name
    else
      leave[#leave + 1] = lane.name
      if at then wake(lane.name, at) end
    end
  end
  local leases = {}
  for i = 1, #entries do leases[2 * i - 1] = tokenOf(of[i]); leases[2 * i] = entries[i] end
  for a = 1, #leases, 1000 do rc('ZADD', kLeased, unpack(leases, a, min(a + 999, #leases))) end
  for i = 1, #cuts, 2 do rc('ZREMRANGEBYRANK', cuts[i], 0, cuts[i + 1]) end
  if #stay > 0 then rc('ZADD', kReady, unpack(stay)) end
  if #leave > 0 then rc('ZREM', kReady, unpack(leave)) end
  if #entries > 0 then leaseBodies(entries, of) end
  saveIndex()
  changed = true
  return true
end

local function pick(limit)
  local rounds = 0
  while n < limit and bytes < MAX_BYTES and rounds < 64 and pickRound(limit) do rounds = rounds + 1 end
end

-- 4. New jobs. Fields may come in any order; nearly all producers write them as the contract does.
local FIELD = { v = 1, id = 64, action = 64, lane = 64, data = MAX_DATA, request = MAX_DATA, at = 15, key = 64, draft = 1,
                results = 5, by = 128, grant = 128 }
local RESULT_MODES = { none = true, final = true, all = true }
local goodName = {}

local function isName(text)
  return #text <= 64 and string.find(text, '^[%w._-]+$') ~= nil
end

local function isLane(text)
  local good = goodName[text]
  if good == nil then good = isName(text); goodName[text] = good end
  return good
end

local function isObject(text)
  if string.byte(text) == 123 and string.byte(text, -1) == 125 then return true end
  return string.find(sub(text, 1, 256), '^%s*{') and string.find(sub(text, -256), '}%s*$') and true
end

-- RETURN the reason, or nil and id, lane, at
local function check(fields)
  if #fields > 22 then return 'too many fields' end
  local map = {}
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    if not FIELD[name] then return 'unknown field' end
    if map[name] then return 'field twice: ' .. name end
    if #value > FIELD[name] then return name .. ' is too long' end
    map[name] = value
  end
  if map.v ~= '1' then return 'v is not 1' end
  if not map.id or not isName(map.id) then return 'id is not 1 to 64 of A-Z a-z 0-9 . _ -' end
  local lane = map.action
  if map.request then
    if map.action then return 'both action and request' end
    if not map.lane then return 'request without lane' end
    if not isObject(map.request) then return 'request is not a JSON object' end
    lane = map.lane
  elseif map.lane then return 'lane without request'
  elseif map.grant then return 'grant without request' end
  if not lane then return 'neither action nor request' end
  if not isLane(lane) then return (map.action and 'action' or 'lane') .. ' is not 1 to 64 of A-Z a-z 0-9 . _ -' end
  if not map.data or not isObject(map.data) then return 'data is not a JSON object' end
  if map.at and not string.find(map.at, '^%d+$') then return 'at is not epoch milliseconds' end
  if map.at and tonumber(map.at) > ms + FARTHEST then return 'at is more than a year ahead' end
  if map.key and not string.find(map.key, '^[!-~]+$') then return 'key is not 1 to 64 visible ASCII characters' end
  if map.draft and map.draft ~= '1' then return 'draft is not 1' end
  if map.results and not RESULT_MODES[map.results] then return 'results is not none, final or all' end
  if map.by and not string.find(map.by, '^%C+$') then return 'by is not 1 to 128 bytes without control characters' end
  return nil, map.id, lane, map.at and tonumber(map.at) + AHEAD_MS
end

local function readFields(f)
  if #f == 8 and f[7] == 'data' and f[5] == 'action' and f[3] == 'id' and f[1] == 'v' and f[2] == '1' then
    local id, data = f[4], f[8]
    if #data <= MAX_DATA and string.byte(data) == 123 and string.byte(data, -1) == 125 and isName(id) and isLane(f[6]) then
      return nil, id, f[6]
    end
  end
  return check(f)
end

-- Which of these ids ended within the dedupe window.
local function known(ids)
  local hits, width = {}, ceil(WINDOW / 8)
  for bucket = floor((ms - WINDOW) / width) * width, ms, width do
    local member = rc('SMISMEMBER', P .. 'known:' .. string.format('%.0f', bucket), unpack(ids))
    for i = 1, #ids do if member[i] == 1 then hits[i] = true end end
  end
  return hits
end

-- The jobs of a chunk that cannot start now go to their lanes, all of a lane at once.
local function queueUp(waiting, parks, drop)
  for name, list in pairs(waiting) do
    for a = 1, #list, 1000 do rc('ZADD', DUE .. name, 'NX', unpack(list, a, min(a + 999, #list))) end
  end
  if #parks > 0 then
    local bodies, states, order = {}, {}, {}
    for i = 1, #parks do
      local p = parks[i]
      bodies[2 * i - 1] = p[1]; bodies[2 * i] = park(p[2], p[3], p[4], '')
      order[2 * i - 1] = nowText; order[2 * i] = p[1]
      drop[#drop + 1] = p[1]
    end
    wide('HSET', kParked, bodies)
    wide('ZADD', kParkedAt, order)
  end
end

local function isAhead(entry) return tonumber(match(entry, '^%d+')) > ms + AHEAD end

-- Whether the place in the inbox was lost, and what was read before, most of it placed by now, is being read again.
local rescan = meta_[6] == '1'

local function takeIn(es, direct)
  local entries, ids, names, ats, whole, sizes, drop, seen = {}, {}, {}, {}, {}, {}, {}, {}
  local m = 0
  for i = 1, #es do
    local entry, fields = es[i][1], es[i][2]
    local size = sizeOf(fields)
    taken = taken + size
    local reason, id, lane, at = readFields(fields)
    if reason then
      quarantine(entry, reason, fields)
      drop[#drop + 1] = entry
    elseif seen[id] then
      drop[#drop + 1] = entry
      count('duplicates')
    else
      m = m + 1
      seen[id] = true
      entries[m] = entry; ids[m] = id; names[m] = lane; ats[m] = at or false; whole[m] = es[i]; sizes[m] = size
    end
  end
  local index, leases, waiting, parks = {}, {}, {}, {}
  local chosen = isAhead(es[#es][1])
  if m > 0 then
    local alive, ended = rc('HMGET', kIds, unpack(ids)), WINDOW > 0 and known(ids) or {}
    loadLanes(names)
    for i = 1, m do
      local entry = entries[i]
      -- The same entry is no duplicate of itself: a script that failed half-way is run again.
      if (alive[i] and alive[i] ~= entry) or ended[i] then
        drop[#drop + 1] = entry
        count('duplicates')
      elseif chosen and not alive[i] and rc('HEXISTS', kParked, entry) == 1 then
        quarantine(entry, 'entry id is in use by another job', whole[i][2])
        drop[#drop + 1] = entry
      elseif not (rescan and alive[i] and isPlaced(entry, names[i])) then
        local lane, fields, at = lanes[names[i]], whole[i][2], ats[i]
        index[#index + 1] = ids[i]; index[#index + 1] = entry
        if lane.free == nil then lane.free, lane.freeAt = quota(lane); lane.started = 0 end
        if direct and n < N and lane.free > 0 and not lane.waits and bytes < MAX_BYTES and (not at or at <= ms) then
          n = n + 1
          lane.free = lane.free - 1; lane.started = lane.started + 1
          bytes = bytes + sizes[i]
          local token = tokenOf(lane)
          leases[#leases + 1] = token; leases[#leases + 1] = entry
          local out = outs[token]
          if not out then out = { token }; outs[token] = out; fresh[#fresh + 1] = out end
          out[#out + 1] = whole[i]
        else
          local due = min(ms, tonumber(match(entry, '^%d+'))) -- a producer may choose the id, but not the time by it
          if at and at > due then due = at end
          local list = waiting[names[i]]
          if not list then list = {}; waiting[names[i]] = list end
          list[#list + 1] = due; list[#list + 1] = entry
          if due <= ms then lane.waits = true end
          if not lane.first or due < lane.first then lane.first = due end
          if due > ms + PARK_AFTER then parks[#parks + 1] = { entry, ids[i], names[i], fields } end
        end
      end
    end
    wide('HSET', kIds, index)
    wide('ZADD', kLeased, leases)
    for _, lane in pairs(lanes) do
      if lane.free then
        if lane.started > 0 then take(lane, lane.started) end
        lane.free = nil
      end
    end
    queueUp(waiting, parks, drop)
    for name in pairs(waiting) do offer(lanes[name], lanes[name].first); lanes[name].first = nil end
  end
  if #drop > 0 then wide('XDEL', kInbox, drop) end
  if #index > 0 then count('accepted', #index / 2) end
end

-- The larger of two ids as Redis writes them: digits without zeros in front, too many for a number here.
local function isLater(a, b)
  local aMs, aSeq = match(a, '^(%d+)-(%d+)$')
  local bMs, bSeq = match(b, '^(%d+)-(%d+)$')
  if aMs ~= bMs then return #aMs > #bMs or #aMs == #bMs and aMs > bMs end
  return #aSeq > #bSeq or #aSeq == #bSeq and aSeq > bSeq
end

-- Whether this can be the last entry taken in. Nothing after it would be seen if it were beyond the last there was.
local function isCursor(text)
  local time = match(text, '^(%d+)-%d+$')
  if not time or redis.pcall('XRANGE', kInbox, text, text).err then return false end
  if tonumber(time) <= ms then return true end
  if rc('EXISTS', kInbox) == 0 then return false end
  local info = rc('XINFO', 'STREAM', kInbox)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return not isLater(text, info[i + 1]) end
  end
end

local cursor, behind = meta_[3] or '0-0', false
if meta_[3] and not isCursor(cursor) or not meta_[3] and rc('EXISTS', kIds) == 1 then
  cursor, rescan, changed = '0-0', true, true
  rc('HSET', kMeta, 'rescan', '1', 'cursor', cursor)
  count('inbox_read_anew')
end

local function intake(direct)
  local read, chunk = 0, FIRST
  while read < INTAKE and taken < INTAKE_BYTES do
    local size, before = min(chunk, INTAKE - read), taken
    -- As long as the inbox is not behind, what cannot be leased now may as well wait there.
    if direct and n < N then size = min(size, N - n) end
    local es = inboxAfter(cursor, size)
    if #es == 0 then behind = false; break end
    read = read + #es
    changed = true
    takeIn(es, direct)
    chunk = max(LEAST, min(CHUNK, floor(CHUNK_BYTES * #es / max(taken - before, 1))))
    cursor = es[#es][1]
    rc('HSET', kMeta, 'cursor', cursor)
    behind = #es == size
    if not behind then break end
    if direct and n >= N and ms - tonumber(match(cursor, '^%d+')) < LAG then return end
  end
  if rescan and not behind then rc('HDEL', kMeta, 'rescan') end
end

-- The inbox counts on from its last id, which a producer may choose: the largest closes it for ever, and XSETID does not
-- go below an entry. So what was taken in leaves it, a few at a time, and an empty inbox is begun anew. Bodies that are
-- leased stay until their attempt ends, because who settles them counts on them here.
local LEAVING, EVERY = 250, 100 -- entries, ms
local function setRight()
  local righted = number(rc('HGET', kMeta, 'righted'), 0)
  if righted <= ms and ms < righted + EVERY then return end
  rc('HSET', kMeta, 'righted', nowText)
  local es = rc('XRANGE', kInbox, '-', cursor, 'COUNT', LEAVING)
  local entries, bodies, order, gone = {}, {}, {}, {}
  for i = 1, #es do entries[i] = es[i][1] end
  local leased = #es > 0 and rc('ZMSCORE', kLeased, unpack(entries))
  for i = 1, #es do
    local entry, fields = es[i][1], toMap(es[i][2])
    local lane = fields.action or fields.lane
    if not leased[i] then
      if fields.id and lane and rc('HGET', kIds, fields.id) == entry then
        bodies[#bodies + 1] = entry; bodies[#bodies + 1] = park(fields.id, lane, es[i][2], '')
        order[#order + 1] = nowText; order[#order + 1] = entry
      end
      gone[#gone + 1] = entry
    end
  end
  wide('HSET', kParked, bodies)
  wide('ZADD', kParkedAt, order)
  wide('XDEL', kInbox, gone)
  if rc('XLEN', kInbox) == 0 then
    rc('HSET', kMeta, 'cursor', '0-0') -- first: a script that failed half-way would pass by what comes
    rc('DEL', kInbox)
    cursor = '0-0'
    count('inbox_begun_anew')
  end
  changed = true
end

returnUnseen()
reclaim()
wakeLanes()
pick(ceil(N / 2))
intake(rc('EXISTS', kReady) == 0)
if not behind and isAhead(cursor) then setRight() end
saveIndex()
pick(N)

if changed then
  saveLanes()
  rememberClaim()
  if n > 0 then count('claimed', n) end
  saveCounts()
  rc('HSET', kMeta, 'clock', string.format('%.0f', us), 'virtual', virtual)
  if caughtUp then rc('HSET', kMeta, 'ahead', string.format('%.0f', caughtUp)) end
end

local nextAt = -1
local first = rc('ZRANGE', kWake, 0, 0, 'WITHSCORES')
if first[1] then nextAt = number(first[2], ms + FARTHEST) end
first = rc('ZRANGE', kLeased, 0, 0, 'WITHSCORES')
if first[1] then
  local at = ceil(number(first[2], us) / 1000)
  if nextAt < 0 or at < nextAt then nextAt = at end
end
local more = (behind or rc('EXISTS', kReady) == 1) and 1 or 0
return { nowText, string.format('%.0f', nextAt), more, fresh, rest, cursor, damage }
