-- Ids stay known for the dedupe window after their end.
-- uses queue/lib/clock queue/lib/writes

local function keepKnown(ids, window)
  if window == 0 or #ids == 0 then return end
  local width = ceil(window / 8)
  local bucket = string.format('%.0f', floor(ms / width) * width)
  rc('ZADD', P .. 'known-buckets', bucket, bucket)
  wide('SADD', P .. 'known:' .. bucket, ids)
end
