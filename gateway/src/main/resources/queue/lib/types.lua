-- Every key is looked at: one that is not of its type is set aside.
-- uses queue/lib/keys queue/lib/quarantine
local TYPES = { hash = { kIds, kBusy, kLimits, kRates, kParked, kState, kCancelling, kMeta, kStats,
                  P .. 'ordered' },
                zset = { kLeased, kReady, kWake, kParkedAt, kFailed, kDrafts, P .. 'known-buckets', P .. 'tally-buckets',
                         P .. 'operations', P .. 'operations-running', P .. 'opening' },
                stream = { kInbox, kResults, kQuarantine, kReports }, list = { P .. 'sent', P .. 'closed' } }
for kind, keys in pairs(TYPES) do
  for i = 1, #keys do
    local is = redis.call('TYPE', keys[i]).ok
    if is ~= kind and is ~= 'none' then setAside(keys[i]) end
  end
end
