-- Ended deliveries: a list of blocks, oldest first, one block per script call. Nothing per job but its bytes, because
-- every delivery passes here and few are ever looked up.
-- uses redis/values queue/lib/clock

--   version 1, number of the block f64, records before it f64, ended at f64 (ms), then records: length u16 and bytes
local function blockHead(series, at)
  local text = rc('LINDEX', P .. series, at)
  if text and #text >= 25 and string.byte(text) == 1 then
    local _, block, before, ended = struct.unpack('>Bddd', text)
    return block, before, ended
  end
end

-- What is beyond the number to keep goes, a few blocks at a time and always more than come. RETURN the block's number
local function remember(series, most, records)
  if #records == 0 or most == 0 then return end
  local total, block = number(rc('HGET', kMeta, series), nil), number(rc('HGET', kMeta, series .. '-blocks'), nil)
  if not total or not block then
    local last, before = blockHead(series, -1)
    total, block = total or before or 0, block or last and last + 1 or 0
  end
  rc('RPUSH', P .. series, struct.pack('>Bddd', 1, block, total, ms) .. table.concat(records))
  total = total + #records
  rc('HSET', kMeta, series, total, series .. '-blocks', block + 1)
  for _ = 1, 8 do
    local _, before = blockHead(series, 1)
    if before and total - before < most or rc('LLEN', P .. series) < 2 then break end
    rc('LPOP', P .. series)
  end
  return block
end
