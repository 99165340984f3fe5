#!lua flags=allow-oom
-- Sends failed deliveries or drafts now, with the same bytes and key and a fresh count of attempts.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 from where: failed or drafts     then job ids, at most 100
-- RETURN how many
local FROM = P .. ARGV[2]

local function redrive(id)
  local entry = rc('HGET', kIds, id)
  if not entry or not rc('ZSCORE', FROM, entry) then return 0 end
  local fields = bodyOf(entry)
  local name = fields and (fields.action or fields.lane)
  if not name then return 0 end
  local state = readState(rc('HGET', kState, entry))
  state.attempts, state.reclaims, state.standing, state.reason, state.changed = 0, 0, 0, '', ms
  -- A draft was never attempted: its first attempt is still to come. A failed job starts its time anew.
  if state.first > 0 then state.first = ms end
  loadLanes({ name })
  rc('HSET', kState, entry, writeState(state))
  rc('ZADD', kParkedAt, nowText, entry)
  rc('ZADD', DUE .. name, nowText, entry)
  offer(lanes[name], ms)
  rc('ZREM', FROM, entry)
  count('redriven')
  return 1
end

local n = 0
for i = 3, min(#ARGV, 102) do n = n + redrive(ARGV[i]) end
saveIndex()
saveCounts()
return n
