#!lua flags=allow-oom
-- Takes or renews the right to send for a webhook, and reads what comes next.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 webhook id     2 who asks     3 lease length, ms     4 most entries     5 most bytes, of which one entry may
--        exceed it
-- RETURN nothing when another gateway has the lease or there is no such webhook; otherwise
--        now, ms; what is left of the lease, ms; token; next attempt not before, ms; failures in a row; entries just found lost;
--        number of the last entry done with; entries [id, [field, value, ...]]
-- uses report/lib/stream
local id, who = ARGV[1], ARGV[2]
if rc('HEXISTS', kWebhooks, id) == 0 then return {} end
local key = STATE .. id
local s = rc('HMGET', key, 'owner', 'until', 'token', 'position', 'seq', 'not-before', 'failures')
local left, token, position, seq = number(s[2], 0) - now, s[3], placeOf(s[4]), number(s[5], 0)
local notBefore, failures = number(s[6], 0), number(s[7], 0)
if left > 86400000 then left = 0 end -- nobody takes it for so long
local mine = s[1] == who
if not mine then
  if s[1] and left > 0 then return {} end
  token = add(key, 'token', 1)
end
if not mine or left < tonumber(ARGV[3]) / 2 then -- an idle turn writes nothing
  left = tonumber(ARGV[3])
  rc('HSET', key, 'owner', who, 'until', digits(now + left))
end

local _, gone = extent()
local lost = math.max(0, gone - seq)
if lost > 0 then
  seq = gone
  rc('HSET', key, 'seq', digits(seq))
  add(key, 'lost', digits(lost))
end

local entries = {}
if notBefore > now + 86400000 then notBefore = 0 end
if notBefore <= now then
  local bytes = 0
  for i, entry in ipairs(rc('XRANGE', kReports, '(' .. position, '+', 'COUNT', ARGV[4])) do
    for _, value in ipairs(entry[2]) do bytes = bytes + #value end
    if i > 1 and bytes > tonumber(ARGV[5]) then break end
    entries[i] = entry
  end
end
return { digits(now), digits(left), tostring(token), digits(notBefore), digits(failures), lost, digits(seq), entries }
