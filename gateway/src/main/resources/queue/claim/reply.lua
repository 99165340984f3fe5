-- What a claim saves in the end, and what it answers.
-- uses queue/claim/progress queue/claim/unseen queue/claim/cursor queue/lib/offers queue/lib/counters
local function save()
  saveLanes()
  rememberClaim()
  if claimed > 0 then count('claimed', claimed) end
  saveCounts()
  rc('HSET', kMeta, 'clock', string.format('%.0f', us), 'virtual', virtual)
  if caughtUp then rc('HSET', kMeta, 'ahead', string.format('%.0f', caughtUp)) end
end

-- RETURN when something more comes due or a lease ends, ms; -1 for never
local function nextAt()
  local at = -1
  local first = rc('ZRANGE', kWake, 0, 0, 'WITHSCORES')
  if first[1] then at = number(first[2], ms + FARTHEST) end
  first = rc('ZRANGE', kLeased, 0, 0, 'WITHSCORES')
  if first[1] then
    local ends = ceil(number(first[2], us) / 1000)
    if at < 0 or ends < at then at = ends end
  end
  return at
end

local function reply()
  local more = (behind or rc('EXISTS', kReady) == 1) and 1 or 0
  return { nowText, string.format('%.0f', nextAt()), more, fresh, rest, cursor, damage }
end
