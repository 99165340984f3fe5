-- Lines: jobs of a lane that carry the same order key are attempted one at a time, in the order in which they came. The first
-- of a line is a job like any other; those behind it wait in the lane's set for a time that never comes, until it is theirs.
-- uses queue/lib/clock queue/lib/counters
local lines = {}
do
  local kOrdered, kBlocks, kOpening, LINE = P .. 'ordered', P .. 'lane-order', P .. 'opening', P .. 'line:'

  function lines.any() return rc('EXISTS', kOrdered) == 1 end

  -- RETURN not before when the job may be attempted, ms, its lane, and the key of its line; nothing for one that is in none
  function lines.of(entry)
    local at, lane, key = match(rc('HGET', kOrdered, entry) or '', '^(%d+) ([%w._-]+):([!-~]+)$')
    if at then return tonumber(at), lane, LINE .. lane .. ':' .. key end
  end

  function lines.first(line) return rc('ZRANGE', line, 0, 0)[1] end

  local function isChanging() return rc('HGET', kMeta, 'opening') == '1' end

  -- While the number of shards changes, a line that begins here may still go on where it was: it waits until somebody has
  -- looked. RETURN whether it does
  local function opens(line) return rc('ZSCORE', kOpening, line) and isChanging() or false end

  -- Puts a job at the end of its line, should it not be in there yet. RETURN whether it waits for its turn
  function lines.enter(entry, lane, key, at)
    local line = lane .. ':' .. key
    rc('HSET', kOrdered, entry, string.format('%.0f %s', at or 0, line))
    local new = rc('ZADD', LINE .. line, 'NX', add(kMeta, 'lined', 1), entry)
    if lines.first(LINE .. line) ~= entry then return true end
    if new == 1 and isChanging() then rc('ZADD', kOpening, nowText, line) end
    return opens(line)
  end

  -- The job's turn has come. RETURN whether it has
  function lines.callUp(entry)
    local at, lane, line = lines.of(entry)
    if not at or opens(sub(line, #LINE + 1)) or tonumber(rc('ZSCORE', DUE .. lane, entry)) ~= HELD then return false end
    local due = string.format('%.0f', max(ms, at))
    rc('ZADD', DUE .. lane, due, entry)
    rc('ZADD', kWake, 'LT', due, lane)
    return true
  end

  -- A line begins: it goes on nowhere else.
  function lines.open(line)
    rc('ZREM', kOpening, line)
    local first = lines.first(LINE .. line)
    if first then lines.callUp(first) end
  end

  function lines.isThere(line) return rc('EXISTS', LINE .. line) end

  -- Takes a job out of its line, if it is in one; the next one's turn comes.
  function lines.leave(entry)
    local at, _, line = lines.of(entry)
    if not at then return end
    local two = rc('ZRANGE', line, 0, 1)
    if two[1] == entry and two[2] then lines.callUp(two[2]) end --! a line goes on
    rc('ZREM', line, entry)
    rc('HDEL', kOrdered, entry)
  end

  -- A job failed: those behind it wait on where the lane says so, until it is sent again or ended.
  function lines.fail(entry)
    local at, lane = lines.of(entry)
    if at and rc('HGET', kBlocks, lane) ~= 'block' then lines.leave(entry) end --! a failed job blocks its line only if told to
  end

  -- onFailure: block or ''
  function lines.tell(lane, onFailure)
    if onFailure == 'block' then rc('HSET', kBlocks, lane, onFailure) else rc('HDEL', kBlocks, lane) end
  end
end
