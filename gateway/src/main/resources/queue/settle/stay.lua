-- A job that stays: for its next attempt, or for somebody who decides.
-- uses queue/settle/jobs queue/settle/event queue/settle/finish queue/lib/parked queue/lib/state queue/lib/inbox queue/lib/offers

-- The job stays: its body leaves the inbox if it has not yet, with the frozen request if there is a new one.
-- RETURN false when there is no body
local function keep(i, state)
  local o, entry = offsets[i], entries[i]
  local frozen = ARGV[o + FROZEN]
  local parked = keptAny[entry] and rc('HEXISTS', kParked, entry) == 1
  if parked and frozen ~= '' then
    local text = rc('HGET', kParked, entry)
    local _, _, _, tail = readParked(text)
    if tail then bodies[#bodies + 1] = entry; bodies[#bodies + 1] = sub(text, 1, tail - 1) .. frozen end
  elseif not parked then
    local fields = inInbox(entry)
    if not fields then return false end
    bodies[#bodies + 1] = entry; bodies[#bodies + 1] = park(ARGV[o + ID], ARGV[o + LANE], fields, frozen)
    unparked[#unparked + 1] = entry
  end
  state.changed = ms
  keptStates[#keptStates + 1] = entry; keptStates[#keptStates + 1] = writeState(state)
  return true
end

local function countAttempt(o, state)
  if ARGV[o + LOG] == '' then return end
  state.attempts = state.attempts + 1
  if state.first == 0 then state.first = ms end
  state.log = state.log .. ARGV[o + LOG]
end

local function wait(i, again)
  local name = laneNames[i]
  local list = due[name]
  if not list then list = {}; due[name] = list end
  list[#list + 1] = again; list[#list + 1] = entries[i]
  wake(name, again) --! a retry is offered
end

local function stay(i, kind, key, standing)
  local o, state = offsets[i], readState(states[entries[i]])
  countAttempt(o, state)
  state.standing = standing
  state.reason = standing == 0 and '' or ARGV[o + REASON]
  if not keep(i, state) then
    event(o, 'failed', 'body missing')
    finish(i, closedRecords, ARGV[o + LOG])
    return count('orphans')
  end
  if standing == 0 then
    wait(i, ms + (tonumber(ARGV[o + DELAY]) or 0))
    order[#order + 1] = nowText; order[#order + 1] = entries[i]
  else
    rc('ZADD', key, nowText, entries[i])
    rc('ZREM', kParkedAt, entries[i])
    if orderedAny and key == kFailed then lines.fail(entries[i]) end
  end
  if kind == 'drafted' then event(o, kind, ARGV[o + REASON], also(o)) else event(o, kind, ARGV[o + REASON]) end
end
