-- What all scripts of the job engine share; put in front of each of them.
--
-- KEYS[1], P in here, is the shard's prefix, posthaste:{tag}:. RedisKeys.java names every key and says what it holds.
-- ARGV[1] is the default limit of leased jobs per lane.
--
-- Rules: every loop is bounded; variadic calls carry 1,000 arguments or fewer; an entry is added to its new place
-- before it leaves the old one, because Redis keeps what a failing script wrote; bodies are never parsed as JSON.
local kInbox, kIds, kLeased, kBusy = P .. 'inbox', P .. 'ids', P .. 'leased', P .. 'busy'
local kReady, kWake, kLimits, kRates = P .. 'ready', P .. 'wake', P .. 'lane-limits', P .. 'lane-rates'
local kParked, kState, kParkedAt, kCancelling = P .. 'parked', P .. 'state', P .. 'parked-at', P .. 'cancelling'
local kFailed, kDrafts, kResults, kQuarantine = P .. 'failed', P .. 'drafts', P .. 'results', P .. 'quarantine'
local kReports = P .. 'reports'
local kMeta, kStats, DUE, PERSON = P .. 'meta', P .. 'stats', P .. 'due:', P .. 'person:'
local LANE_CAP = tonumber(ARGV[1])
local RAMP = 10000 -- ms a resumed lane takes to get back to its whole limit
local floor, ceil, min, max, match, sub = math.floor, math.ceil, math.min, math.max, string.match, string.sub

local counts = {}
local function count(name, n) counts[name] = (counts[name] or 0) + (n or 1) end

-- What can be no job, with what there is of it: a list of texts, its bytes bounded by who calls.
local function toQuarantine(entry, reason, raw, most)
  rc('XADD', kQuarantine, 'MAXLEN', '~', most or 10000, '*', 'reason', reason, 'entry', entry, 'raw', cmsgpack.pack(raw))
end

onSetAside = function(name, kind)
  count('keys_set_aside')
  toQuarantine(name, 'key is not of its type', { 'kept as', 'damaged:' .. name, 'type', kind })
end

-- The shard's clock, us: Redis' own and what it is ahead of it, and never backwards, so that lease tokens stay unique when
-- the host's clock steps. Standing still until the host has caught up would hold up every retry for the length of the
-- step: after one of more than a second the shard's clock runs on from where it was, and claims bring the two together again.
-- More than a year is damage and no step.
local YEAR = 366 * 86400e6
local time_, meta_ = redis.call('TIME'), rc('HMGET', kMeta, 'clock', 'virtual', 'cursor', 'reports', 'ahead', 'rescan')
local wall = tonumber(time_[1]) * 1000000 + tonumber(time_[2])
local ahead, lastUs = number(meta_[5], 0), number(meta_[1], 0)
if ahead < 0 or ahead > YEAR then ahead = 0 end
if lastUs > wall + YEAR then lastUs = 0 end
local us = wall + ahead
if us <= lastUs then
  if lastUs - us > 1000000 then ahead = lastUs - wall end
  us = lastUs + 1
end
local ms = floor(us / 1000)
local nowText = string.format('%.0f', ms)
local virtual = max(0, number(meta_[2], 0))
-- Entries kept for reporting webhooks; nil while there are none, and nothing is told then.
local REPORTS = meta_[4] and match(meta_[4], '^%d%d?%d?%d?%d?%d?%d?%d?%d?$')

-- The inbox from an entry on, without it. RETURN nothing for what Redis refuses as an id: the largest, for one, after which
-- nothing comes
local function inboxAfter(entry, most)
  local found = redis.pcall('XRANGE', kInbox, '(' .. entry, '+', 'COUNT', most)
  if not found.err then return found end
  return isUnusable(found.err) and rc('XRANGE', kInbox, '(' .. entry, '+', 'COUNT', most) or {}
end

-- RETURN the fields of an inbox entry, nil when there is none or this is no id
local function inInbox(entry)
  local found = redis.pcall('XRANGE', kInbox, entry, entry)
  return not found.err and found[1] and found[1][2] or nil
end

local function wide(command, key, list)
  for a = 1, #list, 1000 do rc(command, key, unpack(list, a, min(a + 999, #list))) end
end

-- Lanes: limits and counts as loaded, changed here, written once by saveLanes.
local lanes, limited, readyNow, wakeAt = {}, nil, {}, {}
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

-- How many more jobs the lane may lease now; when that is 0 and time alone changes it, also when (ms). A saturated
-- lane names no time: the settlement that frees a slot offers it again.
local mostNow, LATER = {}, 25 -- of some lanes this call takes so many at most; the others after so many ms
local function quota(lane)
  if lane.paused > ms then return 0, lane.paused end
  local free = lane.cap - lane.busy
  local most = mostNow[lane.name]
  if most then
    most = most - (lane.taken or 0)
    if most <= 0 then return 0, ms + LATER end
    free = min(free, most)
  end
  if free <= 0 then return 0, lane.ramps and ms + 100 or nil end
  if lane.step then
    local tat = max(lane.tat, ms)
    local allowed = floor((ms - tat) / lane.step + lane.burst + 1e-6)
    if allowed <= 0 then return 0, ceil(tat - (lane.burst - 1) * lane.step) end
    free = min(free, allowed)
  end
  return free
end

local function take(lane, n)
  lane.busy = lane.busy + n
  lane.taken = (lane.taken or 0) + n
  if lane.step then lane.tat, lane.rated = max(lane.tat, ms) + n * lane.step, true end
end

local function wake(name, at)
  if not wakeAt[name] or at < wakeAt[name] then wakeAt[name] = at end
end

-- The lane has work due at this time: index it by when it can be served.
local function offer(lane, due)
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
  for a = 1, #list, 1000 do rc('ZADD', kReady, 'NX', unpack(list, a, min(a + 999, #list))) end
  list = {}
  for name, at in pairs(wakeAt) do list[#list + 1] = at; list[#list + 1] = name end
  for a = 1, #list, 1000 do rc('ZADD', kWake, 'LT', unpack(list, a, min(a + 999, #list))) end
  readyNow, wakeAt = {}, {}
end

local function saveLanes()
  local set, gone = {}, {}
  for name, lane in pairs(lanes) do
    if lane.busy ~= lane.was then
      if lane.was >= lane.cap and lane.busy < lane.cap then offerHead(lane) end
      if lane.busy > 0 then set[#set + 1] = name; set[#set + 1] = lane.busy else gone[#gone + 1] = name end
      lane.was = lane.busy
    end
    if lane.rated then rc('HSET', kRates, name, lane.tat); lane.rated = nil end
  end
  wide('HSET', kBusy, set)
  wide('HDEL', kBusy, gone)
  saveIndex()
end

local function saveCounts()
  for name, n in pairs(counts) do add(kStats, name, n) end
  counts = {}
end

-- state: what changes about a job, absent until it first fails, is reclaimed or parked. Damaged text reads as absent.
--   version 1, attempts u16, reclaims u8, standing u8 (0 under way, 1 drafted, 2 failed; 16 more once its attributes
--   were set, which a job that is sent again brings along), first attempt ms f64, last change ms f64, reason length
--   u16, reason, then the attempt log
local function readState(text)
  if text and #text >= 23 and string.byte(text) == 1 then
    local _, attempts, reclaims, standing, first, changed, length = struct.unpack('>BHBBddH', text)
    if #text >= 23 + length then
      return { attempts = attempts, reclaims = reclaims, standing = standing % 16, set = standing >= 16,
               first = first, changed = changed, reason = sub(text, 24, 23 + length), log = sub(text, 24 + length) }
    end
  end
  return { attempts = 0, reclaims = 0, standing = 0, set = false, first = 0, changed = 0, reason = '', log = '' }
end

local function writeState(s)
  return struct.pack('>BHBBddHc0', 1, min(s.attempts, 65535), min(s.reclaims, 255), s.standing + (s.set and 16 or 0),
                     s.first, s.changed, #s.reason, s.reason) .. s.log
end

-- parked: a body that left the inbox.
--   version 1, id length u8, id, lane length u8, lane, length of the fields u32,
--   the inbox fields as they came (each a length u32 and its bytes), then the frozen request if there is one
local function park(id, lane, fields, frozen)
  local parts = {}
  for i = 1, #fields do parts[i] = struct.pack('>Ic0', #fields[i], fields[i]) end
  local text = table.concat(parts)
  return table.concat({ struct.pack('>BBc0Bc0I', 1, #id, id, #lane, lane, #text), text, frozen })
end

-- RETURN id, lane, where the fields start, where the frozen request starts; nil when damaged
local function readParked(text)
  local size = text and #text or 0
  if size < 3 or string.byte(text) ~= 1 then return nil end
  local n = string.byte(text, 2)
  local l = string.byte(text, 3 + n)
  if not l or size < 7 + n + l then return nil end
  local length = struct.unpack('>I', text, 4 + n + l)
  if size < 7 + n + l + length then return nil end
  return sub(text, 3, 2 + n), sub(text, 4 + n, 3 + n + l), 8 + n + l, 8 + n + l + length
end

-- The inbox fields of a parked body as a map; empty when damaged.
local function parkedFields(text)
  local _, _, from, to = readParked(text)
  local map, name = {}, nil
  while from and from + 4 <= to do
    local length = struct.unpack('>I', text, from)
    if from + 4 + length > to then break end
    local value = sub(text, from + 4, from + 3 + length)
    if name then map[name] = value; name = nil else name = value end
    from = from + 4 + length
  end
  return map
end

local function toMap(fields)
  local map = {}
  for i = 1, #fields, 2 do map[fields[i]] = fields[i + 1] end
  return map
end

-- RETURN the bytes of an inbox entry's fields, names included
local function sizeOf(fields)
  local size = 0
  for i = 1, #fields do size = size + #fields[i] end
  return size
end

-- RETURN the fields of an entry as a map, when it is parked its text, and when it is not its fields in turn; no fields when
-- there is no body or a damaged one
local function bodyOf(entry)
  local text = rc('HGET', kParked, entry)
  local list = not text and inInbox(entry)
  local fields = text and parkedFields(text) or list and toMap(list)
  if fields and not (fields.id and (fields.action or fields.lane)) then fields = nil end
  return fields or nil, text or nil, list or nil
end

-- Whether the entry of a job is in any of the sets in which one can be.
local function isPlaced(entry, lane)
  return rc('ZSCORE', kLeased, entry) or rc('ZSCORE', DUE .. lane, entry) or rc('ZSCORE', kFailed, entry)
      or rc('ZSCORE', kDrafts, entry)
end

-- Bytes that are no job, in pieces as the quarantine takes them.
local function pieces(text)
  local list = {}
  for from = 1, min(#text, 65536), 4096 do list[#list + 1] = sub(text, from, from + 4095) end
  return list
end

-- What reporting webhooks call an event (M84).
local METRICS = { sent = 'sent', attempted = 'attempted', failed = 'failed', drafted = 'drafted',
                  cancelled = 'undeliverable', skipped = 'undeliverable', aborted = 'undeliverable' }

-- form: details, what the gateway says of the job and its request; or data, the job's own
local function tell(id, action, event, reason, form, text)
  rc('XADD', kReports, 'MAXLEN', '~', REPORTS, '*', 'id', id, 'action', action, 'metric', METRICS[event], 'reason', reason,
     'at', nowText, form, text)
end

local function publish(fields, event, attempt, status, elapsed, reason, limit)
  if REPORTS then tell(fields.id or '', fields.action or '', event, reason, 'data', fields.data or '{}') end
  local wanted = fields.results or 'all'
  if wanted == 'none' or (wanted == 'final' and event == 'attempted') then return end
  rc('XADD', kResults, 'MAXLEN', '~', limit, '*', 'id', fields.id or '', 'action', fields.action or '', 'event', event,
     'attempt', attempt, 'status', status, 'ms', elapsed, 'reason', reason, 'at', nowText)
end

-- Ended deliveries: a list of blocks, oldest first, one block per script call. Nothing per job but its bytes, because
-- every delivery passes here and few are ever looked up.
--   version 1, number of the block f64, records before it f64, ended at f64 (ms), then records: length u16 and bytes
local function blockHead(series, at)
  local text = rc('LINDEX', P .. series, at)
  if text and #text >= 25 and string.byte(text) == 1 then
    local _, number, before, ended = struct.unpack('>Bddd', text)
    return number, before, ended
  end
end

-- What is beyond the number to keep goes, a few blocks at a time and always more than come. RETURN the block's number
local function remember(series, most, records)
  if #records == 0 or most == 0 then return end
  local total, block = number(rc('HGET', kMeta, series), nil), number(rc('HGET', kMeta, series .. '-blocks'), nil)
  if not total or not block then
    local last, before = blockHead(series, -1)
    total, block = total or before or 0, block or last and last + 1 or 0
  end
  rc('RPUSH', P .. series, struct.pack('>Bddd', 1, block, total, ms) .. table.concat(records))
  total = total + #records
  rc('HSET', kMeta, series, total, series .. '-blocks', block + 1)
  for _ = 1, 8 do
    local _, before = blockHead(series, 1)
    if before and total - before < most or rc('LLEN', P .. series) < 2 then break end
    rc('LPOP', P .. series)
  end
  return block
end

-- What sent deliveries were sent as: a block of bytes beside each block of the history, not read here.
-- Blocks go, oldest first and a few at a time, until so many bytes are left or this number is reached. `more` bytes came.
local REQUESTS_OF = P .. 'requests:'
local function dropRequests(most, more, upto)
  local used, first = unpack(rc('HMGET', kMeta, 'request-bytes', 'requests-first'))
  used, first = number(used, 0) + more, number(first, upto)
  for _ = 1, 64 do
    if used <= most or first > upto then break end
    local key = REQUESTS_OF .. string.format('%.0f', first)
    used = used - rc('STRLEN', key)
    rc('UNLINK', key)
    first = first + 1
  end
  rc('HSET', kMeta, 'request-bytes', used, 'requests-first', first)
  return first > upto
end

-- Ids stay known for the dedupe window after their end.
local function keepKnown(ids, window)
  if window == 0 or #ids == 0 then return end
  local width = ceil(window / 8)
  local bucket = string.format('%.0f', floor(ms / width) * width)
  rc('ZADD', P .. 'known-buckets', bucket, bucket)
  wide('SADD', P .. 'known:' .. bucket, ids)
end

-- Figures of a lane by hour and by day, each period a hash of its own; kept for two days and for a month.
local PERIODS = { hour = { 3600000, 2 * 86400000 }, day = { 86400000, 31 * 86400000 } }
local function tally(lane, what, n)
  for name, period in pairs(PERIODS) do
    local from = floor(ms / period[1]) * period[1]
    local bucket = string.format('%s:%.0f', name, from)
    if add(P .. 'tally:' .. bucket, lane .. ' ' .. what, n) == tonumber(n) then
      rc('ZADD', P .. 'tally-buckets', string.format('%.0f', from + period[1] + period[2]), bucket)
    end
  end
end

-- Ends a delivery that leaves nothing but a record: removed from wherever it waits, but not from the leased set.
local function close(entry, fields, state, standing, reason, most, window)
  local key, lane, by = fields.key or fields.id, fields.action or fields.lane, fields.by or ''
  local flags = (fields.action and 0 or 1) + (fields.results == 'final' and 8 or fields.results == 'none' and 16 or 0)
  local record = struct.pack('>Bc0BBdBBc0Bc0Bc0Hc0', #fields.id, fields.id, 2, standing, tonumber(match(entry, '^%d+')) or 0,
                             flags, #lane, lane, #key, key, #by, by, #reason, reason) .. state.log
  remember('closed', most, { struct.pack('>H', #record) .. record })
  keepKnown({ fields.id }, window)
  if standing == 4 then tally(lane, 'cancelled', 1) end
  rc('ZREM', DUE .. lane, entry)
  for _, place in ipairs({ kParkedAt, kFailed, kDrafts }) do rc('ZREM', place, entry) end
  rc('HDEL', kIds, fields.id)
  for _, place in ipairs({ kParked, kState, kCancelling }) do rc('HDEL', place, entry) end
  rc('XDEL', kInbox, entry)
end

-- Ends one that is not in flight.
local function cancelNow(entry, fields, state, reason, results, most, window)
  publish(fields, 'cancelled', state.attempts, 0, 0, reason, results)
  close(entry, fields, state, 4, reason, most, window)
  count('cancelled')
end

-- Takes an entry out of the set it rests in (failed or drafts) and queues it now, with the same bytes and key and a fresh
-- count of attempts. RETURN whether
local function queueAgain(from, entry)
  local fields = bodyOf(entry)
  if not fields then return false end
  local name = fields.action or fields.lane
  local state = readState(rc('HGET', kState, entry))
  state.attempts, state.reclaims, state.standing, state.reason, state.changed = 0, 0, 0, '', ms
  -- A draft was never attempted: its first attempt is still to come. A failed job starts its time anew.
  if state.first > 0 then state.first = ms end
  loadLanes({ name })
  rc('HSET', kState, entry, writeState(state))
  rc('ZADD', kParkedAt, nowText, entry)
  rc('ZADD', DUE .. name, nowText, entry)
  offer(lanes[name], ms)
  rc('ZREM', from, entry)
  count('redriven')
  return true
end

-- The entries of a sorted set after one score and up to another, whole scores. RETURN them with their scores, flat, and
-- whether these were the last
local function slice(key, after, upto, most)
  local es = rc('ZRANGE', key, '(' .. after, upto, 'BYSCORE', 'LIMIT', 0, most + 1, 'WITHSCORES')
  if #es <= 2 * most then return es, true end
  local cut, m = es[#es], #es - 2
  while m > 0 and es[m] == cut do m = m - 2 end
  if m == 0 then return rc('ZRANGE', key, cut, cut, 'BYSCORE', 'LIMIT', 0, 5000, 'WITHSCORES'), false end
  return { unpack(es, 1, m) }, false
end

-- RETURN the fields and the state of an entry, if it is of this action and its reason says this, '' for any
local function matching(entry, action, reason)
  local fields = bodyOf(entry)
  if not fields or (action ~= '' and fields.action ~= action) then return nil end
  local state = readState(rc('HGET', kState, entry))
  if reason ~= '' and not string.find(state.reason, reason, 1, true) then return nil end
  return fields, state
end
