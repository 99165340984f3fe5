#!lua flags=no-writes,allow-oom
-- How much of everything there is.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     then lanes, at most 500
-- RETURN now (ms), entries not taken in yet, the first of them or '', leased, failed, drafts, quarantined,
--        then per lane: waiting, how many of them are due, in flight, due time of the head or '0', 1 if paused, why or '',
--        how many of those that wait have others of their line before them
-- uses queue/lib/lanes queue/lib/inbox
local first = inboxAfter(cursor_ or '0-0', 1)[1]
local resident = rc('HLEN', kIds) - rc('HLEN', kParked)
local out = { ms, first and max(1, rc('XLEN', kInbox) - resident) or 0, first and first[1] or '', rc('ZCARD', kLeased),
              rc('ZCARD', kFailed), rc('ZCARD', kDrafts), rc('XLEN', kQuarantine) }
local names = {}
for i = 2, min(#ARGV, 501) do names[#names + 1] = ARGV[i] end
loadLanes(names)
for i = 1, #names do
  local lane, key = lanes[names[i]], DUE .. names[i]
  local head = rc('ZRANGE', key, 0, 0, 'WITHSCORES')
  local o = #out
  out[o + 1] = rc('ZCARD', key); out[o + 2] = rc('ZCOUNT', key, '-inf', ms); out[o + 3] = lane.busy
  out[o + 4] = head[2] and tonumber(head[2]) < HELD and head[2] or '0'; out[o + 5] = lane.paused > ms and 1 or 0
  out[o + 6] = lane.paused > ms and rc('HGET', kNotes, names[i]) or ''
  out[o + 7] = rc('ZCOUNT', key, HELD, HELD)
end
return out
