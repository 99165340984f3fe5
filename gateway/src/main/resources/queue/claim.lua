#!lua flags=allow-oom
-- Takes in new jobs, returns expired leases, and leases what is due, fairly over lanes. Writes nothing when idle.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit       2 most leases             3 longest attempt, ms       4 most body bytes to lease
--        5 most entries to take in  6 most leases to reclaim  7 jobs of a lane per turn   8 most reclaims of a job
--        9 reclaim spread, ms      10 most bytes of data     11 results kept             12 quarantined entries kept
--       13 dedupe window, ms, 0 for none                     14 ended deliveries kept    15 lease beyond an attempt, ms
--       16 who claims, '' for nobody     17 number of the claim, counted by who claims
--       18 numbers of claims whose replies were lost, ',12,15,'
--        then lanes of which so many are taken at most, flat: lane, number
-- RETURN now, ms; when something more comes due, ms, or -1; 1 if more is due already;
--        fresh leases: lists of a token and the inbox entries leased by it, [entry, [field, value, ...]];
--        other leases: flat entry, token, fields or parked body, state or '', lane;
--        the last inbox entry taken in; names of keys and entries that were set aside.
--        A token is when its leases end, us.
-- uses queue/claim/unseen queue/claim/serve queue/claim/anew queue/claim/reply
returnUnseen()
reclaimExpired()
wakeLanes()
serveLanes(ceil(N / 2))
takeIn(rc('EXISTS', kReady) == 0)
if not behind and isAhead(cursor) then beginInboxAnew() end
saveIndex()
serveLanes(N)
if anyChange then save() end
return reply()
