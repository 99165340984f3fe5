-- A job that ends: its body goes, and a record in the history stays.
-- uses queue/settle/jobs queue/lib/state queue/lib/counters

-- attempt: the log record of the last one, where `records` do not hold it already
local function finish(i, records, attempt)
  local o, entry = offsets[i], entries[i]
  local record, log = ARGV[o + RECORD], (attempt or '') .. (states[entry] and readState(states[entry]).log or '')
  -- The record comes with its length in front, which a log makes longer.
  if log ~= '' then
    record = struct.pack('>H', min(#record - 2 + #log, 65535)) .. sub(record, 3) .. sub(log, 1, 65537 - #record)
  end
  records[#records + 1] = record
  gone[#gone + 1] = entry
  if keptAny[entry] then goneKept[#goneKept + 1] = entry end
  goneIds[#goneIds + 1] = ARGV[o + ID]
end

local function finishSent(i)
  finish(i, sentRecords)
  count('sent')
end
