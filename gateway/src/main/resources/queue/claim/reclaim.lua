-- Leases that ran out: back to their lanes, spread over time. This costs no attempt, but a job whose lease runs out again and
-- again kills its workers and ends. One that was never received costs nothing at all.
-- uses queue/claim/arguments queue/claim/progress queue/claim/damaged queue/lib/ending queue/lib/bodies queue/lib/state queue/lib/offers queue/lib/lines
local function failAsCrashLoop(entry, name, fields, state, text, list)
  state.standing, state.reason = 2, 'crash-loop'
  if not text then rc('HSET', kParked, entry, park(fields.id, name, list, '')) end
  rc('HSET', kState, entry, writeState(state))
  rc('ZADD', kFailed, ms, entry)
  lines.fail(entry)
  publish(fields, 'failed', state.attempts, 0, 0, 'crash-loop', RESULTS)
  tally(name, 'failed', 1)
  rc('ZREM', kParkedAt, entry)
  if not text then rc('XDEL', kInbox, entry) end
  count('failed')
end

local function queueReclaimed(entry, name, due)
  rc('ZADD', DUE .. name, due, entry) --! reclaimed jobs are queued
  wake(name, due)
end

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
    failAsCrashLoop(entry, name, fields, state, text, list)
  else
    if not unseen then rc('HSET', kState, entry, writeState(state)) end
    queueReclaimed(entry, name, unseen and ms or ms + (i * 7919) % (SPREAD + 1))
  end
  rc('ZREM', kLeased, entry)
  lane.busy = max(0, lane.busy - 1) --! a reclaim frees its slot
  count(unseen and 'returned' or 'reclaimed')
end

local LONGEST_LEASE = 660000000 -- us; more than the longest that a token tells
local function reclaimExpired()
  local expired = rc('ZRANGE', kLeased, '-inf', string.format('%.0f', us), 'BYSCORE', 'LIMIT', 0, RECLAIMS)
  -- A lease that would end later than any does was not given here.
  local never = rc('ZRANGE', kLeased, string.format('%.0f', us + LONGEST_LEASE), '+inf', 'BYSCORE', 'LIMIT', 0, RECLAIMS)
  for i = 1, #never do expired[#expired + 1] = never[i] end
  for i = 1, #expired do reclaimOne(expired[i], i) end
  if #expired > 0 then anyChange = true; saveLanes() end
end
