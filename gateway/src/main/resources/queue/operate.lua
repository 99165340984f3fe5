#!lua flags=allow-oom
-- Does the next step of a running operation: looks at some deliveries and acts on those that match, as many as its rate
-- allows. Its place is kept in the same step, so any instance may do any step, and none is done twice.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 most deliveries to look at     3 results kept     4 ended deliveries kept
--        5 dedupe window, ms
-- RETURN ms until the next step of any operation is due, -1 when none is running
-- uses queue/lib/selection queue/lib/requeue queue/lib/ending
local LOOK, RESULTS, CLOSED, WINDOW = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local kRunning = P .. 'operations-running'
local PAUSE = 100 -- ms between two steps of an operation

local acts = {
  resend = function(entry) return queueAgain(kFailed, entry) end,
  send = function(entry) return queueAgain(kDrafts, entry) end,
  discard = function(entry, fields, state, op)
    cancelNow(entry, fields, state, op.because, RESULTS, CLOSED, WINDOW)
    return true
  end,
  -- Retries that wait; what was never attempted is skipped when its time comes.
  cancel = function(entry, fields, state, op)
    if state.attempts == 0 then return false end --! what was never attempted is no retry
    cancelNow(entry, fields, state, op.because, RESULTS, CLOSED, WINDOW)
    return true
  end,
}

-- RETURN whether the operation is through
local function step(op)
  local found, last = slice(op.set, op.at, op.upto, LOOK)
  local quota = min(max(1, floor(op.rate * PAUSE / 1000)), op.most - op.done) --! an operation does no more than it may; an operation is no faster than it may
  local before = op.at
  for i = 1, #found, 2 do
    if quota <= 0 then op.at = before; return op.done >= op.most end --! an operation takes all that share a time
    if found[i + 1] ~= op.at then before, op.at = op.at, found[i + 1] end
    local entry = found[i]
    local fields, state = matching(entry, op.action, op.reason)
    if fields and acts[op.kind](entry, fields, state, op) then
      op.done = op.done + 1
      quota = quota - 1
    end
  end
  return last or op.done >= op.most
end

local due = rc('ZRANGE', kRunning, '-inf', nowText, 'BYSCORE', 'LIMIT', 0, 1)
if due[1] then
  local key = P .. 'operation:' .. due[1]
  local op = toMap(rc('HGETALL', key))
  op.rate, op.most, op.done = number(op.rate, 0), number(op.most, nil), number(op.done, nil)
  local known = acts[op.kind] and op.set and op.action and op.reason and op.because
      and tonumber(op.at) and tonumber(op.upto) and op.rate > 0 and op.most and op.done
  local through = known and step(op)
  if not known then
    rc('HSET', key, 'state', 'failed', 'updated', nowText)
    rc('ZREM', kRunning, due[1])
    count('operations_damaged')
  elseif through then --! an operation ends
    rc('HSET', key, 'at', op.at, 'done', op.done, 'updated', nowText, 'state', 'done') --! an operation knows what it did
    rc('ZREM', kRunning, due[1])
  else
    rc('HSET', key, 'at', op.at, 'done', op.done, 'updated', nowText) --! an operation knows what it did
    rc('ZADD', kRunning, ms + max(PAUSE, 1000 / op.rate), due[1])
  end
  saveIndex()
  saveCounts()
end
local next = rc('ZRANGE', kRunning, 0, 0, 'WITHSCORES')
return next[2] and min(max(0, number(next[2], ms) - ms), 86400000) or -1
