#!lua flags=allow-oom
-- Brings a sent delivery back to life: the same bytes under the same id and key are sent now, with a fresh count of
-- attempts. Its record leaves the history.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 job id     3 number of the block it is in     4 its record in there, from 1
-- RETURN 1 will be sent, 0 under way already, -1 what was sent is not kept
-- uses queue/lib/history queue/lib/requests queue/lib/offers queue/lib/state queue/lib/parked queue/lib/counters
local id, block, index = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local kSent = P .. 'sent'
if rc('HGET', kIds, id) then return 0 end --! what is alive is not sent again

-- RETURN the block of the history and its place
local function findBlock()
  local first = blockHead('sent', 0)
  if not first or first > block then return nil end
  local at = block - first
  local text = rc('LINDEX', kSent, string.format('%.0f', at))
  if text and struct.unpack('>d', text, 2) == block then return text, at end
end

-- RETURN the request and the inline action, or nil
local function sentAs()
  local text, at = rc('GET', REQUESTS_OF .. ARGV[3]) or '', 1
  while at < #text do
    local name, kept, to = struct.unpack('>Bc0Ic0', text, at)
    if name == id then
      local request, rest = struct.unpack('>Ic0', kept)
      return request, sub(kept, rest)
    end
    at = to
  end
end

local history, place = findBlock()
local frozen, definition = sentAs()
if not history or not frozen then return -1 end
local at = 26
for _ = 2, index do at = at + 2 + struct.unpack('>H', history, at) end
local length = struct.unpack('>H', history, at)
local found, version, standing, enqueued, flags, lane, key, by, rest = struct.unpack('>Bc0BBdBBc0Bc0Bc0', history, at + 2)
-- From version 3 on the customer and the host come before the reason.
local log = version < 3 and select(2, struct.unpack('>Hc0', history, rest))
  or select(4, struct.unpack('>Bc0Bc0Hc0', history, rest))
-- Somebody else was first: the record is marked, or the delivery ended once more and has another.
if found ~= id or standing == 0 then return 0 end --! what was sent again is not once more

-- An entry of its own, with the time of the first; no producer's has so high a number.
local entry = string.format('%.0f-%.0f', enqueued, 1000000000 + add(kMeta, 'resent', 1))
local fields = { 'id', id, 'key', key, 'data', '{}', 'resent', '1' }
local function set(name, value) fields[#fields + 1] = name; fields[#fields + 1] = value end
if flags % 2 == 1 then
  local grant, alone = match(definition, '^([%w+/=]+)\n(.*)$')
  set('lane', lane)
  set('request', alone or definition)
  if grant then set('grant', grant) end
else set('action', lane) end
if flags >= 16 then set('results', 'none') elseif flags >= 8 then set('results', 'final') end
if by ~= '' then set('by', by) end
local state = readState(nil)
state.first, state.changed, state.log = ms, ms, sub(history, log, at + 1 + length)
state.set = floor(flags / 2) % 2 == 1

loadLanes({ lane })
rc('HSET', kIds, id, entry)
rc('HSET', kParked, entry, park(id, lane, fields, frozen))
rc('HSET', kState, entry, writeState(state))
rc('ZADD', kParkedAt, nowText, entry)
rc('ZADD', DUE .. lane, nowText, entry)
offer(lanes[lane], ms) --! a resent delivery is offered
saveIndex()
local mark = at + 4 + #id
rc('LSET', kSent, string.format('%.0f', place), sub(history, 1, mark - 1) .. '\0' .. sub(history, mark + 1))
count('resent')
saveCounts()
return 1
