-- New entries are told apart: what can be no job, what is here for the second time, and jobs.
-- uses queue/claim/check queue/claim/damaged queue/claim/cursor queue/claim/progress queue/lib/inbox queue/lib/bodies queue/lib/counters

-- Which of these ids ended within the dedupe window.
local function known(ids)
  local hits, width = {}, ceil(WINDOW / 8)
  for bucket = floor((ms - WINDOW) / width) * width, ms, width do
    local member = rc('SMISMEMBER', P .. 'known:' .. string.format('%.0f', bucket), unpack(ids))
    for i = 1, #ids do if member[i] == 1 then hits[i] = true end end
  end
  return hits
end

-- What can be no job goes to the quarantine. RETURN the others, a column for each thing to know; `drop` gains what goes
local function readAll(es, drop)
  local seen, jobs = {}, { n = 0, entry = {}, id = {}, lane = {}, at = {}, order = {}, whole = {}, size = {} }
  for i = 1, #es do
    local entry, fields = es[i][1], es[i][2]
    local size = sizeOf(fields)
    takenBytes = takenBytes + size
    local reason, id, lane, at, order = readFields(fields)
    if reason then
      quarantine(entry, reason, fields)
      drop[#drop + 1] = entry
    elseif seen[id] then --! an id is alive once within a batch
      drop[#drop + 1] = entry
      count('duplicates')
    else
      local m = jobs.n + 1
      jobs.n, seen[id] = m, true
      jobs.entry[m] = entry; jobs.id[m] = id; jobs.lane[m] = lane; jobs.at[m] = at or false
      jobs.order[m] = order or false; jobs.whole[m] = es[i]; jobs.size[m] = size
    end
  end
  return jobs
end

-- RETURN which of the jobs are new, by their number; `drop` gains those that are not
local function newOnes(jobs, chosen, drop)
  local new, alive = {}, rc('HMGET', kIds, unpack(jobs.id))
  local ended = WINDOW > 0 and known(jobs.id) or {}
  for i = 1, jobs.n do
    local entry = jobs.entry[i]
    -- The same entry is no duplicate of itself: a script that failed half-way is run again.
    if (alive[i] and alive[i] ~= entry) or ended[i] then --! an id is alive once
      drop[#drop + 1] = entry
      count('duplicates')
    elseif chosen and not alive[i] and rc('HEXISTS', kParked, entry) == 1 then
      quarantine(entry, 'entry id is in use by another job', jobs.whole[i][2])
      drop[#drop + 1] = entry
    elseif not (rescan and alive[i] and isPlaced(entry, jobs.lane[i])) then new[#new + 1] = i end
  end
  return new
end
