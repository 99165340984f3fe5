-- Jobs for whose turn nobody looks any more.
-- uses queue/lib/bodies queue/lib/state queue/lib/offers queue/lib/lines

local function queueNow(entry, lane)
  rc('ZADD', DUE .. lane, nowText, entry)
  loadLanes({ lane })
  offer(lanes[lane], ms)
end

-- A job that waits for a turn that nobody gives it: who is before it is alive no more, or it is itself the first.
-- RETURN 1 if there was something to mend
local function mendLine(entry, lane)
  local at, _, line = lines.of(entry)
  local first = at and lines.first(line)
  if not first then queueNow(entry, lane) return 1 end
  if first == entry then return lines.callUp(entry) and 1 or 0 end
  -- A lane that blocked its lines may do so no more, which is no loss.
  if rc('ZSCORE', kFailed, first) then lines.fail(first) return 0 end
  if isPlaced(first, lane) then return 0 end
  lines.leave(first)
  return 1
end

-- A job that is in no set would wait for ever: its set was lost. It is queued again. RETURN 1 if it was lost
local function queueLost(entry, lane)
  local score = isPlaced(entry, lane)
  if tonumber(score) == HELD then return mendLine(entry, lane) end
  if score then return 0 end
  local text = rc('HGET', kState, entry)
  local state = text and readState(text)
  if state and state.standing == 1 then rc('ZADD', kDrafts, nowText, entry)
  elseif state and state.standing == 2 then rc('ZADD', kFailed, nowText, entry)
  else
    local at, _, line = lines.of(entry)
    if at and lines.first(line) ~= entry then rc('ZADD', DUE .. lane, HELD, entry) else queueNow(entry, lane) end
  end
  return 1
end
