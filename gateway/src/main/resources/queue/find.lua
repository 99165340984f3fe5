#!lua flags=no-writes,allow-oom
-- Looks up living deliveries.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 id or entries     then one job id, or at most 256 entries
-- RETURN per id or entry a list: 'none'
--        or where (due, held, leased, drafted, failed), entry, score, fields or parked body, state or '',
--        and of one that is held the id of the first in its line or ''
-- uses queue/lib/bodies queue/lib/clock queue/lib/lines
local function place(entry, lane)
  local score = rc('ZSCORE', kLeased, entry)
  if score then return 'leased', score end
  score = rc('ZSCORE', kFailed, entry)
  if score then return 'failed', score end
  score = rc('ZSCORE', kDrafts, entry)
  if score then return 'drafted', score end
  score = rc('ZSCORE', DUE .. lane, entry)
  return tonumber(score) == HELD and 'held' or 'due', score or match(entry, '^%d+')
end

local function before(entry)
  local _, _, line = lines.of(entry)
  local first = line and lines.first(line)
  local fields = first and first ~= entry and bodyOf(first)
  return fields and fields.id or ''
end

local function describe(entry)
  local fields, text, list = bodyOf(entry)
  if not fields then return { 'none' } end
  local where, score = place(entry, fields.action or fields.lane or '')
  return { where, entry, score, text or list, rc('HGET', kState, entry) or '', where == 'held' and before(entry) or '' }
end

-- Among the oldest that are not taken in yet.
local function fresh(id)
  local es = inboxAfter(cursor_ or '0-0', 1000)
  for i = 1, #es do
    if toMap(es[i][2]).id == id then return { 'due', es[i][1], match(es[i][1], '^%d+'), es[i][2], '', '' } end
  end
  return { 'none' }
end

if ARGV[2] == 'id' then
  local entry = rc('HGET', kIds, ARGV[3])
  return { entry and describe(entry) or fresh(ARGV[3]) }
end
local out = {}
for i = 3, min(#ARGV, 258) do out[i - 2] = describe(ARGV[i]) end
return out
