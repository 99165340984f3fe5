-- New jobs as producers wrote them.
-- uses queue/lib/keys

-- The inbox from an entry on, without it. RETURN nothing for what Redis refuses as an id: the largest, for one, after which
-- nothing comes
local function inboxAfter(entry, most)
  local found = redis.pcall('XRANGE', kInbox, '(' .. entry, '+', 'COUNT', most)
  if not found.err then return found end
  return isUnusable(found.err) and rc('XRANGE', kInbox, '(' .. entry, '+', 'COUNT', most) or {}
end

-- RETURN the fields of an inbox entry, nil when there is none or this is no id
local function inInbox(entry)
  local found = redis.pcall('XRANGE', kInbox, entry, entry)
  return not found.err and found[1] and found[1][2] or nil
end

local function toMap(fields)
  local map = {}
  for i = 1, #fields, 2 do map[fields[i]] = fields[i + 1] end
  return map
end

-- RETURN the bytes of an inbox entry's fields, names included
local function sizeOf(fields)
  local size = 0
  for i = 1, #fields do size = size + #fields[i] end
  return size
end
