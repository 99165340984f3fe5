-- What rests, failed or as a draft, comes back to its lane.
-- uses queue/lib/bodies queue/lib/state queue/lib/offers queue/lib/counters queue/lib/lines

-- Takes an entry out of the set it rests in (failed or drafts) and queues it now, with the same bytes and key and a fresh
-- count of attempts. One that left its line goes to the end of it. RETURN whether
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
  local held = fields.order and lines.enter(entry, name, fields.order) --! what is redriven keeps to its line
  rc('ZADD', DUE .. name, held and HELD or nowText, entry)
  if not held then offer(lanes[name], ms) end --! what is redriven is offered
  rc('ZREM', from, entry) --! what is redriven rests no more
  count('redriven')
  return true
end
