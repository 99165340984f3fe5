-- The last inbox entry that was taken in, and whether it can be that: where the place was lost, what was read before is read
-- again, most of it placed by now.
-- uses queue/claim/progress queue/lib/clock queue/lib/inbox queue/lib/counters
local rescan = rescan_ == '1'
local AHEAD = 60000 -- ms; an id further ahead was chosen by a producer and moves the inbox's last id

local function isAhead(entry) return tonumber(match(entry, '^%d+')) > ms + AHEAD end

-- The larger of two ids as Redis writes them: digits without zeros in front, too many for a number here.
local function isLater(a, b)
  local aMs, aSeq = match(a, '^(%d+)-(%d+)$')
  local bMs, bSeq = match(b, '^(%d+)-(%d+)$')
  if aMs ~= bMs then return #aMs > #bMs or #aMs == #bMs and aMs > bMs end
  return #aSeq > #bSeq or #aSeq == #bSeq and aSeq > bSeq
end

-- Whether this can be the last entry taken in. Nothing after it would be seen if it were beyond the last there was.
local function isCursor(text)
  local time = match(text, '^(%d+)-%d+$')
  if not time or redis.pcall('XRANGE', kInbox, text, text).err then return false end
  if tonumber(time) <= ms then return true end
  if rc('EXISTS', kInbox) == 0 then return false end
  local info = rc('XINFO', 'STREAM', kInbox)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return not isLater(text, info[i + 1]) end
  end
end

local cursor, behind = cursor_ or '0-0', false
if cursor_ and not isCursor(cursor) or not cursor_ and rc('EXISTS', kIds) == 1 then
  cursor, rescan, anyChange = '0-0', true, true
  rc('HSET', kMeta, 'rescan', '1', 'cursor', cursor)
  count('inbox_read_anew')
end
