-- New jobs are leased at once where their lanes have nothing that waits, and are sorted into their lanes otherwise.
-- uses queue/claim/sort queue/claim/quota queue/claim/tokens queue/claim/progress queue/lib/offers queue/lib/parked
-- uses queue/lib/lines
local CHUNK = 128 -- entries read at once, of small ones
local FIRST, LEAST = 16, 4 -- of those whose size is not known yet, and of large ones
local CHUNK_BYTES = 1048576 -- read at once, as far as the entries before tell: a step that moves more is felt by everybody
local INTAKE_BYTES = 8388608 -- taken in by one call, and a chunk beyond: large bodies hold up Redis for milliseconds, not seconds
local LAG = 50 -- ms; an inbox that is further behind is sorted into lanes, so that a flood waits behind itself
local PARK_AFTER = 60000 -- ms; a body due later than this leaves the inbox, whose nodes only empty ones are freed

-- Whether a job can be leased now, before all that waits in its lane.
local function mayStart(lane, at)
  if lane.free == nil then lane.free, lane.started = quota(lane), 0 end
  return claimed < N and lane.free > 0 and not lane.waits and claimedBytes < MAX_BYTES and (not at or at <= ms)
end

local function start(lane, whole, size, leases)
  claimed = claimed + 1
  lane.free = lane.free - 1; lane.started = lane.started + 1
  claimedBytes = claimedBytes + size
  local token = tokenOf(lane)
  leases[#leases + 1] = token; leases[#leases + 1] = whole[1]
  local out = outs[token]
  if not out then out = { token }; outs[token] = out; fresh[#fresh + 1] = out end
  out[#out + 1] = whole --! what is handed out is what was leased
end

-- RETURN when the job is due
local function queue(lane, entry, at, waiting)
  local due = min(ms, tonumber(match(entry, '^%d+'))) -- a producer may choose the id, but not the time by it
  if at and at > due then due = at end
  local list = waiting[lane.name]
  if not list then list = {}; waiting[lane.name] = list end
  list[#list + 1] = due; list[#list + 1] = entry
  if due <= ms then lane.waits = true end
  if not lane.first or due < lane.first then lane.first = due end
  return due
end

-- One that waits for its turn in a line.
local function hold(lane, entry, waiting)
  local list = waiting[lane.name]
  if not list then list = {}; waiting[lane.name] = list end
  list[#list + 1] = HELD; list[#list + 1] = entry
end

-- The jobs of a chunk that cannot start now go to their lanes, all of a lane at once, and those of later leave the inbox.
local function queueUp(waiting, later, jobs, drop)
  for name, list in pairs(waiting) do wide('ZADD', DUE .. name, list, 'NX') end
  local bodies, order = {}, {}
  for k = 1, #later do
    local i = later[k]
    local entry = jobs.entry[i]
    bodies[2 * k - 1] = entry; bodies[2 * k] = park(jobs.id[i], jobs.lane[i], jobs.whole[i][2], '')
    order[2 * k - 1] = nowText; order[2 * k] = entry
    drop[#drop + 1] = entry
  end
  wide('HSET', kParked, bodies)
  wide('ZADD', kParkedAt, order)
end

local function takeSlots()
  for _, lane in pairs(lanes) do
    if lane.free then
      if lane.started > 0 then take(lane, lane.started) end
      lane.free = nil
    end
  end
end

local function place(jobs, new, direct, drop)
  local index, leases, waiting, later = {}, {}, {}, {}
  loadLanes(jobs.lane)
  for k = 1, #new do
    local i = new[k]
    local entry, lane, at = jobs.entry[i], lanes[jobs.lane[i]], jobs.at[i]
    index[2 * k - 1] = jobs.id[i]; index[2 * k] = entry
    if jobs.order[i] and lines.enter(entry, lane.name, jobs.order[i], at) then hold(lane, entry, waiting) --! a line is kept
    elseif direct and mayStart(lane, at) then start(lane, jobs.whole[i], jobs.size[i], leases)
    elseif queue(lane, entry, at, waiting) > ms + PARK_AFTER then later[#later + 1] = i end
  end
  wide('HSET', kIds, index)
  wide('ZADD', kLeased, leases)
  takeSlots()
  queueUp(waiting, later, jobs, drop)
  for name in pairs(waiting) do
    if lanes[name].first then offer(lanes[name], lanes[name].first) end --! waiting jobs are offered
    lanes[name].first = nil
  end
  if #new > 0 then count('accepted', #new) end
end

local function takeInChunk(es, direct)
  local drop = {}
  local jobs = readAll(es, drop)
  if jobs.n > 0 then place(jobs, newOnes(jobs, isAhead(es[#es][1]), drop), direct, drop) end
  wide('XDEL', kInbox, drop)
end

-- direct: whether no lane has due work, which would be before what is new
local function takeIn(direct)
  local read, chunk = 0, FIRST
  while read < INTAKE and takenBytes < INTAKE_BYTES do
    local size, before = min(chunk, INTAKE - read), takenBytes
    -- As long as the inbox is not behind, what cannot be leased now may as well wait there.
    if direct and claimed < N then size = min(size, N - claimed) end
    local es = inboxAfter(cursor, size)
    if #es == 0 then behind = false; break end
    read = read + #es
    anyChange = true
    takeInChunk(es, direct)
    chunk = max(LEAST, min(CHUNK, floor(CHUNK_BYTES * #es / max(takenBytes - before, 1))))
    cursor = es[#es][1]
    rc('HSET', kMeta, 'cursor', cursor) --! the cursor moves
    behind = #es == size
    if not behind then break end
    if direct and claimed >= N and ms - tonumber(match(cursor, '^%d+')) < LAG then return end
  end
  if rescan and not behind then rc('HDEL', kMeta, 'rescan') end
end
