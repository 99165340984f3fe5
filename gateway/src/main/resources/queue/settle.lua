#!lua flags=allow-oom
-- Records what became of leases and publishes it. May be repeated: what was applied is not applied again.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 results kept     3 sent deliveries kept     4 other ended ones kept
--        5 dedupe window, ms     6 memory for what was sent, bytes     7 name of the block of what was sent, or ''
--        then per job: entry, token, job id, lane, code, attempt, status, elapsed ms, record
--          and, if it was sent and its answer sets attributes: why they could not be set or '', person id or '', the
--          version that the next is made from, the person's new attributes, and as JSON what was set
--          and, if it was not: reason, delay ms, frozen request or '', and its attempt's log record or ''
--          and, when the code says so: details for reporting webhooks
--        code: what happened (s sent, u sent with attributes, r retry, f failed, d drafted, a aborted, k skipped,
--        c cancelled, l released), what to publish (a all, f final, n nothing), i for an inline request or -, k when more than
--        its inbox entry is kept of the job or -, what the event also says (c conversion, h holds its person) if
--        anything, t when details follow
--        record: what the history keeps of it should it end here, its length u16 in front; a sent one's last attempt
--        included
-- RETURN per job 1 applied, 0 not the caller's any more and ignored, 2 somebody changed the person since: nothing
--        happened, and the job is the caller's as before
local RESULTS = ARGV[2]
local SENT, CLOSED, WINDOW = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local REQUESTS, BLOCK, FIRST = tonumber(ARGV[6]), ARGV[7], 8
local EVENTS = { [115] = 'sent', [114] = 'attempted', [102] = 'failed', [100] = 'drafted', [97] = 'aborted', [107] = 'skipped',
                 [99] = 'cancelled' }
local ALSO = { [99] = 'conversion', [104] = 'holds' }
local S, U, R, F, D, A, KIP, L = 115, 117, 114, 102, 100, 97, 107, 108
local ARGUMENTS = { [S] = 9, [U] = 14 } -- of all others 13
local I, KEPT, T = 105, 107, 116

local at, entries, names, details, kept, size = {}, {}, {}, {}, {}, 0
do
  local o, last = FIRST, #ARGV
  while o <= last do
    size = size + 1
    at[size] = o; entries[size] = ARGV[o]; names[size] = ARGV[o + 3]
    local code = ARGV[o + 4]
    local width = ARGUMENTS[string.byte(code)] or 13
    if string.byte(code, 4) == KEPT then kept[#kept + 1] = ARGV[o] end
    if string.byte(code, -1) == T then
      details[o] = ARGV[o + width]
      width = width + 1
    end
    o = o + width
  end
end
if size == 0 then return {} end

local own = rc('ZMSCORE', kLeased, unpack(entries))
-- Of most jobs nothing is kept: what waits in its millions beside them is not looked at then.
local keptAny, states = {}, {}
do
  local found = #kept > 0 and rc('HMGET', kState, unpack(kept)) or {}
  for i = 1, #kept do keptAny[kept[i]] = true; states[kept[i]] = found[i] end
end
local cancelAny = rc('EXISTS', kCancelling) == 1
loadLanes(names)

local result, done = {}, {}
local unlease, gone, goneIds, goneKept, unparked = {}, {}, {}, {}, {}
local sentRecords, closedRecords = {}, {}
-- What stays is written once for all jobs, and before anything is removed.
local bodies, keptStates, order, due = {}, {}, {}, {}

-- Without details, because the gateway has not heard of reporting webhooks yet, the job's data tells whom it was for.
local function report(o, action, kind, reason)
  if details[o] then return tell(ARGV[o + 2], action, kind, reason, 'details', details[o]) end
  local fields = bodyOf(ARGV[o])
  tell(ARGV[o + 2], action, kind, reason, 'data', fields and fields.data or '{}')
end

local function event(o, kind, reason, ...)
  local _, mode, inline = string.byte(ARGV[o + 4], 1, 3)
  local action = inline == I and '' or ARGV[o + 3]
  if REPORTS then report(o, action, kind, reason) end
  if mode == 110 or (mode == 102 and kind == 'attempted') then return end
  rc('XADD', kResults, '*', 'id', ARGV[o + 2], 'action', action, 'event', kind, 'attempt', ARGV[o + 5],
     'status', ARGV[o + 6], 'ms', ARGV[o + 7], 'reason', reason, 'at', nowText, ...)
end

-- RETURN what the event of this kind also says, if anything
local function also(o)
  local mark = ALSO[string.byte(ARGV[o + 4], 5) or 0]
  if mark then return mark, '1' end
end

-- The job ends and its body goes; what stays is a record in the history.
local function finish(i, records, attempt)
  local o, entry = at[i], entries[i]
  local record, log = ARGV[o + 8], (attempt or '') .. (states[entry] and readState(states[entry]).log or '')
  -- The record comes with its length in front, which a log makes longer.
  if log ~= '' then record = struct.pack('>H', min(#record - 2 + #log, 65535)) .. sub(record, 3) .. sub(log, 1, 65537 - #record) end
  records[#records + 1] = record
  gone[#gone + 1] = entry
  if keptAny[entry] then goneKept[#goneKept + 1] = entry end
  goneIds[#goneIds + 1] = ARGV[o + 2]
end

local function finishSent(i)
  finish(i, sentRecords)
  count('sent')
end

-- What the deliveries of this block of the history were sent as gets its number; the oldest go when memory is used up.
local function keepRequests(number)
  local size = number and BLOCK ~= '' and rc('STRLEN', REQUESTS_OF .. BLOCK) or 0
  if size == 0 then return end
  local kept = REQUESTS_OF .. string.format('%.0f', number)
  rc('RENAME', REQUESTS_OF .. BLOCK, kept)
  rc('PERSIST', kept)
  dropRequests(REQUESTS, size, number)
end

-- The job stays: its body leaves the inbox if it has not yet, with the frozen request if there is a new one.
-- RETURN false when there is no body
local function keep(i, state)
  local o, entry = at[i], entries[i]
  local frozen = ARGV[o + 11]
  local parked = keptAny[entry] and rc('HEXISTS', kParked, entry) == 1
  if parked and frozen ~= '' then
    local text = rc('HGET', kParked, entry)
    local _, _, _, tail = readParked(text)
    if tail then bodies[#bodies + 1] = entry; bodies[#bodies + 1] = sub(text, 1, tail - 1) .. frozen end
  elseif not parked then
    local fields = inInbox(entry)
    if not fields then return false end
    bodies[#bodies + 1] = entry; bodies[#bodies + 1] = park(ARGV[o + 2], ARGV[o + 3], fields, frozen)
    unparked[#unparked + 1] = entry
  end
  state.changed = ms
  keptStates[#keptStates + 1] = entry; keptStates[#keptStates + 1] = writeState(state)
  return true
end

local function countAttempt(o, state)
  if ARGV[o + 12] == '' then return end
  state.attempts = state.attempts + 1
  if state.first == 0 then state.first = ms end
  state.log = state.log .. ARGV[o + 12]
end

local function wait(i, at)
  local name = names[i]
  local list = due[name]
  if not list then list = {}; due[name] = list end
  list[#list + 1] = at; list[#list + 1] = entries[i]
  wake(name, at)
end

local function stay(i, kind, key, standing)
  local o, state = at[i], readState(states[entries[i]])
  countAttempt(o, state)
  state.standing = standing
  state.reason = standing == 0 and '' or ARGV[o + 9]
  if not keep(i, state) then
    event(o, 'failed', 'body missing')
    finish(i, closedRecords, ARGV[o + 12])
    return count('orphans')
  end
  if standing == 0 then
    wait(i, ms + (tonumber(ARGV[o + 10]) or 0))
    order[#order + 1] = nowText; order[#order + 1] = entries[i]
  else
    rc('ZADD', key, nowText, entries[i])
    rc('ZREM', kParkedAt, entries[i])
  end
  if kind == 'drafted' then event(o, kind, ARGV[o + 9], also(o)) else event(o, kind, ARGV[o + 9]) end
end

-- Whether somebody changed the person since this update was made from it.
local function outdated(o, kind)
  if kind ~= U or ARGV[o + 10] == '' then return false end
  if (rc('HGET', PERSON .. ARGV[o + 10], 'version') or '0') == ARGV[o + 11] then return false end
  count('conflicts')
  return true
end

-- Versions start at the time, so that a person deleted and made again never has one twice.
local function setPerson(o)
  local id, version = ARGV[o + 10], tonumber(ARGV[o + 11])
  if id == '' then return end
  version = version == 0 and us or version + 1
  rc('HSET', PERSON .. id, 'version', string.format('%.0f', version), 'attributes', ARGV[o + 12])
end

-- The event goes first: it is what could fail, and then nothing is set.
local function sentWithAttributes(i)
  local o = at[i]
  local problem = ARGV[o + 9]
  if problem == '' then event(o, 'sent', '', 'attributes', ARGV[o + 13], also(o))
  else event(o, 'sent', problem, 'attribute_update', 'failed', also(o)) end
  setPerson(o)
  finishSent(i)
end

local function cancel(i)
  local o = at[i]
  event(o, 'cancelled', 'cancelled')
  finish(i, closedRecords, ARGV[o + 12])
  tally(names[i], 'cancelled', 1)
  count('cancelled')
end

local function apply(i, kind)
  local o = at[i]
  if cancelAny and (kind == R or kind == L or kind == D) and rc('HEXISTS', kCancelling, entries[i]) == 1 then return cancel(i) end
  if kind == S then event(o, 'sent', '', also(o)); finishSent(i)
  elseif kind == U then sentWithAttributes(i)
  elseif kind == R then stay(i, 'attempted', nil, 0); count('attempted')
  elseif kind == F then stay(i, 'failed', kFailed, 2); count('failed')
  elseif kind == D then stay(i, 'drafted', kDrafts, 1); count('drafted')
  elseif kind == L then wait(i, ms + (tonumber(ARGV[o + 10]) or 0)); count('released')
  else
    event(o, EVENTS[kind], ARGV[o + 9])
    finish(i, closedRecords)
    count(EVENTS[kind])
  end
end

-- A success that comes after its lease ran out: delivered is delivered, wherever the job is by now. RETURN the result
local function late(i, kind)
  local o, entry = at[i], entries[i]
  if rc('HGET', kIds, ARGV[o + 2]) ~= entry then count('stale'); return 0 end
  if outdated(o, kind) then return 2 end
  keptAny[entry], states[entry] = true, rc('HGET', kState, entry) -- whatever became of it meanwhile
  apply(i, kind)
  if own[i] then
    unlease[#unlease + 1] = entry
    lanes[names[i]].busy = lanes[names[i]].busy - 1
  else
    rc('ZREM', DUE .. names[i], entry)
    rc('ZREM', kFailed, entry)
    rc('ZREM', kDrafts, entry)
  end
  done[entry] = true
  count('late')
  return 1
end

for i = 1, size do
  local o, entry = at[i], entries[i]
  local kind = string.byte(ARGV[o + 4])
  result[i] = 0
  if done[entry] then count('stale')
  elseif own[i] and own[i] == ARGV[o + 1] then
    if outdated(o, kind) then result[i] = 2
    else
      apply(i, kind)
      unlease[#unlease + 1] = entry
      local lane = lanes[names[i]]
      lane.busy = lane.busy - 1
      done[entry] = true
      result[i] = 1
    end
  elseif kind == S or kind == U then result[i] = late(i, kind)
  else count('stale') end
end

if next(counts) == nil then return result end
wide('HSET', kParked, bodies)
wide('HSET', kState, keptStates)
wide('ZADD', kParkedAt, order)
for name, list in pairs(due) do wide('ZADD', DUE .. name, list) end
keepRequests(remember('sent', SENT, sentRecords))
remember('closed', CLOSED, closedRecords)
keepKnown(goneIds, WINDOW)
wide('ZREM', kLeased, unlease)
wide('HDEL', kIds, goneIds)
wide('XDEL', kInbox, gone)
wide('XDEL', kInbox, unparked)
wide('HDEL', kParked, goneKept)
wide('ZREM', kParkedAt, goneKept)
wide('HDEL', kState, goneKept)
if cancelAny then wide('HDEL', kCancelling, unlease) end
saveLanes()
saveCounts()
rc('XTRIM', kResults, 'MAXLEN', '~', RESULTS)
return result
