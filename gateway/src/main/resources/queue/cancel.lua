#!lua flags=allow-oom
-- Ends deliveries that wait, are drafted or failed; one in flight is marked and ends when its attempt returns.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 results kept     3 ended deliveries kept     4 dedupe window, ms
--        5 only those (drafted, or '' for all)            then job ids, at most 100
-- RETURN per id 1 ended or will end, 0 not known, or ended already
-- uses queue/lib/ending queue/lib/bodies queue/lib/state
local RESULTS, CLOSED, WINDOW, ONLY = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local REASON = ONLY == 'drafted' and 'discarded' or 'cancelled'

local function cancel(id)
  local entry = rc('HGET', kIds, id)
  if not entry then return 0 end
  local fields = bodyOf(entry)
  if not fields then return 0 end
  if ONLY == 'drafted' and not rc('ZSCORE', kDrafts, entry) then return 0 end
  if rc('ZSCORE', kLeased, entry) then
    rc('HSET', kCancelling, entry, nowText)
    return 1
  end
  cancelNow(entry, fields, readState(rc('HGET', kState, entry)), REASON, RESULTS, CLOSED, WINDOW)
  return 1
end

local result = {}
for i = 6, min(#ARGV, 105) do result[i - 5] = cancel(ARGV[i]) end
saveCounts()
return result
