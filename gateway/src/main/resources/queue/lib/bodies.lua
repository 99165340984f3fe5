-- Where the body of a job is, and where the job is.
-- uses queue/lib/inbox queue/lib/parked

-- RETURN the fields of an entry as a map, when it is parked its text, and when it is not its fields in turn; no fields when
-- there is no body or a damaged one
local function bodyOf(entry)
  local text = rc('HGET', kParked, entry)
  local list = not text and inInbox(entry)
  local fields = text and parkedFields(text) or list and toMap(list)
  if fields and not (fields.id and (fields.action or fields.lane)) then fields = nil end
  return fields or nil, text or nil, list or nil
end

-- Whether the entry of a job is in any of the sets in which one can be.
local function isPlaced(entry, lane)
  return rc('ZSCORE', kLeased, entry) or rc('ZSCORE', DUE .. lane, entry) or rc('ZSCORE', kFailed, entry)
      or rc('ZSCORE', kDrafts, entry)
end
