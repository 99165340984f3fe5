#!lua
-- Reads and writes the layouts that Lua knows, for the test that holds Lua and Java to the same bytes.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 what     3 bytes that it is or contains
-- RETURN what was written, or the parts that were read
-- uses queue/lib/state queue/lib/parked queue/lib/ending
local text = ARGV[3]
local function whole(n) return string.format('%.0f', n) end

local deeds = {
  ['write state'] = function()
    return writeState({ attempts = 3, reclaims = 1, standing = 2, set = true, first = 1700000000123,
                        changed = 1700000000456, reason = 'HTTP 503', log = text })
  end,
  ['read state'] = function()
    local s = readState(text)
    return { s.attempts, s.reclaims, s.standing, s.set and 1 or 0, whole(s.first), whole(s.changed), s.reason, s.log }
  end,
  ['write parked'] = function()
    return park('j1', 'crm', { 'v', '1', 'id', 'j1', 'action', 'crm', 'data', '{"a":1}' }, text)
  end,
  ['read parked'] = function()
    local id, lane, _, tail = readParked(text)
    local fields = parkedFields(text)
    return { id, lane, fields.v, fields.id, fields.action, fields.data, sub(text, tail) }
  end,
  ['write record'] = function()
    local fields = { id = 'j1', action = 'crm', key = 'key', by = 'ops', results = 'final', data = '{"customer":{"id":1007}}' }
    local state = readState(nil)
    state.log = text
    close('1700000000123-0', fields, state, 4, 'cancelled', 100, 0)
    return sub(rc('LINDEX', P .. 'closed', -1), 26)
  end,
  ['read block'] = function()
    rc('RPUSH', P .. 'sent', text)
    local block, before, ended = blockHead('sent', -1)
    return { whole(block), whole(before), whole(ended) }
  end,
}
return deeds[ARGV[2]]()
