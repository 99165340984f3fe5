#!lua flags=allow-oom
-- Sends failed deliveries or drafts now, with the same bytes and key and a fresh count of attempts.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 from where: failed or drafts     then job ids, at most 100
-- RETURN how many
-- uses queue/lib/requeue
local FROM = P .. ARGV[2]

local function redrive(id)
  local entry = rc('HGET', kIds, id)
  return entry and rc('ZSCORE', FROM, entry) and queueAgain(FROM, entry) and 1 or 0
end

local n = 0
for i = 3, min(#ARGV, 102) do n = n + redrive(ARGV[i]) end
saveIndex()
saveCounts()
return n
