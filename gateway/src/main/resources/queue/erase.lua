#!lua flags=allow-oom
-- Forgets an ended delivery: its record and what it was sent as. Its place in the block stays, with nothing in it.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 series: sent or closed     3 number of the block     4 its record in there, from 1
--        5 job id
-- RETURN 0 it is not there any more, 1 its record went, 2 and what it was sent as
-- uses queue/lib/history queue/lib/requests queue/lib/shorthand
local series, block, index, id = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local NOBODY = '\0\3\0' -- no id, version 3, alive again: what nobody reads

-- RETURN whether there was something
local function forgetRequest()
  local key = REQUESTS_OF .. ARGV[3]
  local text, at, kept = rc('GET', key) or '', 1, {}
  local before = #text
  while at < #text do
    local name, _, to = struct.unpack('>Bc0Ic0', text, at)
    if name ~= id then kept[#kept + 1] = sub(text, at, to - 1) end
    at = to
  end
  local left = table.concat(kept)
  if #left == before then return false end
  if left == '' then rc('UNLINK', key) else rc('SET', key, left) end
  add(kMeta, 'request-bytes', #left - before)
  return true
end

local first = blockHead(series, 0)
local place = first and string.format('%.0f', block - first)
local text = first and first <= block and rc('LINDEX', P .. series, place)
if not text or struct.unpack('>d', text, 2) ~= block then return 0 end
local at = 26
for _ = 2, index do at = at + 2 + struct.unpack('>H', text, at) end
local length = struct.unpack('>H', text, at)
if struct.unpack('>Bc0', text, at + 2) ~= id then return 0 end
rc('LSET', P .. series, place, sub(text, 1, at - 1) .. struct.pack('>H', #NOBODY) .. NOBODY .. sub(text, at + 2 + length))
return series == 'sent' and forgetRequest() and 2 or 1
