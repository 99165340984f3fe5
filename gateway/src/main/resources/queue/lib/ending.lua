-- Deliveries that end without an attempt.
-- uses queue/lib/history queue/lib/known queue/lib/figures queue/lib/events queue/lib/counters queue/lib/lines

local READABLE = 16384 -- bytes of data that are read for the customer's id, since nobody waits for it here

-- RETURN whom a job was for, as its data say, '' for nobody
local function customerOf(data)
  local map = data and #data <= READABLE and object(data) or {}
  local id = map.customer_id
  if id == nil or id == cjson.null then id = type(map.customer) == 'table' and map.customer.id end
  if type(id) == 'number' then id = string.format(id == floor(id) and '%.0f' or '%.14g', id) end
  return type(id) == 'string' and sub(id, 1, 128) or ''
end

-- Ends a delivery that leaves nothing but a record: removed from wherever it waits, but not from the leased set.
local function close(entry, fields, state, standing, reason, most, window)
  local key, lane, by = fields.key or fields.id, fields.action or fields.lane, fields.by or ''
  local flags = (fields.action and 0 or 1) + (fields.results == 'final' and 8 or fields.results == 'none' and 16 or 0)
  local customer = customerOf(fields.data)
  local record = struct.pack('>Bc0BBdBBc0Bc0Bc0Bc0BHc0', #fields.id, fields.id, 3, standing, tonumber(match(entry, '^%d+')) or 0,
                             flags, #lane, lane, #key, key, #by, by, #customer, customer, 0, #reason, reason) .. state.log
  remember('closed', most, { struct.pack('>H', #record) .. record })
  keepKnown({ fields.id }, window)
  if standing == 4 then tally(lane, 'cancelled', 1) end
  lines.leave(entry)
  rc('ZREM', DUE .. lane, entry)
  for _, place in ipairs({ kParkedAt, kFailed, kDrafts }) do rc('ZREM', place, entry) end
  rc('HDEL', kIds, fields.id)
  for _, place in ipairs({ kParked, kState, kCancelling }) do rc('HDEL', place, entry) end
  rc('XDEL', kInbox, entry)
end

-- Ends one that is not in flight.
local function cancelNow(entry, fields, state, reason, results, most, window)
  publish(fields, 'cancelled', state.attempts, 0, 0, reason, results)
  close(entry, fields, state, 4, reason, most, window)
  count('cancelled')
end
