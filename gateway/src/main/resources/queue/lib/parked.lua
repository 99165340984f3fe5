-- A body that left the inbox.
-- uses queue/lib/shorthand

--   version 1, id length u8, id, lane length u8, lane, length of the fields u32,
--   the inbox fields as they came (each a length u32 and its bytes), then the frozen request if there is one
local function park(id, lane, fields, frozen)
  local parts = {}
  for i = 1, #fields do parts[i] = struct.pack('>Ic0', #fields[i], fields[i]) end
  local text = table.concat(parts)
  return table.concat({ struct.pack('>BBc0Bc0I', 1, #id, id, #lane, lane, #text), text, frozen })
end

-- RETURN id, lane, where the fields start, where the frozen request starts; nil when damaged
local function readParked(text)
  local size = text and #text or 0
  if size < 3 or string.byte(text) ~= 1 then return nil end
  local n = string.byte(text, 2)
  local l = string.byte(text, 3 + n)
  if not l or size < 7 + n + l then return nil end
  local length = struct.unpack('>I', text, 4 + n + l)
  if size < 7 + n + l + length then return nil end
  return sub(text, 3, 2 + n), sub(text, 4 + n, 3 + n + l), 8 + n + l, 8 + n + l + length
end

-- The inbox fields of a parked body as a map; empty when damaged.
local function parkedFields(text)
  local _, _, from, to = readParked(text)
  local map, name = {}, nil
  while from and from + 4 <= to do
    local length = struct.unpack('>I', text, from)
    if from + 4 + length > to then break end
    local value = sub(text, from + 4, from + 3 + length)
    if name then map[name] = value; name = nil else name = value end
    from = from + 4 + length
  end
  return map
end
