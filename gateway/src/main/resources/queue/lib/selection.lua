-- Which deliveries are meant: part of a set, an action, a reason.
-- uses queue/lib/bodies queue/lib/state

-- The entries of a sorted set after one score and up to another, whole scores. RETURN them with their scores, flat, and
-- whether these were the last
local function slice(key, after, upto, most)
  local es = rc('ZRANGE', key, '(' .. after, upto, 'BYSCORE', 'LIMIT', 0, most + 1, 'WITHSCORES')
  if #es <= 2 * most then return es, true end
  local cut, m = es[#es], #es - 2
  while m > 0 and es[m] == cut do m = m - 2 end
  if m == 0 then return rc('ZRANGE', key, cut, cut, 'BYSCORE', 'LIMIT', 0, 5000, 'WITHSCORES'), false end
  return { unpack(es, 1, m) }, false
end

-- RETURN the fields and the state of an entry, if it is of this action and its reason says this, '' for any
local function matching(entry, action, reason)
  local fields = bodyOf(entry)
  if not fields or (action ~= '' and fields.action ~= action) then return nil end --! an operation keeps to its action
  local state = readState(rc('HGET', kState, entry))
  if reason ~= '' and not string.find(state.reason, reason, 1, true) then return nil end --! an operation keeps to its reason
  return fields, state
end
