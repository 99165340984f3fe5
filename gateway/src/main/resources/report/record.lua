#!lua flags=allow-oom
-- Records what became of an entry and renews the lease. Changes nothing when the token is no longer the webhook's.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 webhook id     2 token     3 lease length, ms
--        4 what: delivered, skipped (not asked for), expired or failed
--        5 entry     6 its number     7 HTTP status, 0 for none     8 reason or ''
--        9 for failed: ms until the next attempt     10 1 when that is a pause
-- RETURN 1 recorded, 0 the lease is somebody else's, or what was known is void
-- uses report/lib/stream
local key, what = STATE .. ARGV[1], ARGV[4]
if rc('HGET', key, 'token') ~= ARGV[2] then return 0 end
local set = { 'until', digits(now + tonumber(ARGV[3])) }
local function put(name, value) set[#set + 1] = name; set[#set + 1] = value end
if what == 'delivered' or what == 'failed' then
  put('status', ARGV[7]); put('reason', ARGV[8]); put('at', digits(now))
end
if what == 'failed' then
  put('not-before', digits(now + tonumber(ARGV[9]))); put('paused', ARGV[10])
  add(key, 'failures', 1)
else
  put('position', ARGV[5]); put('seq', ARGV[6])
  rc('HDEL', key, 'failures', 'not-before', 'paused')
  if what ~= 'skipped' then add(key, what, 1) end
end
rc('HSET', key, unpack(set))
return 1
