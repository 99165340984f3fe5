#!lua flags=allow-oom
-- Starts or stops an operation. The same one twice at a time is one.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 start, or cancel     3 id
--        to start: 4 kind (resend, send, discard, cancel)     5 the set it works on, without the prefix     6 action or ''
--        7 reason or ''     8 since, ms     9 until, ms, 0 for now     10 most per second     11 most in all
--        12 how many match     13 the reason that what it ends is given
-- RETURN to start: the id of the operation, '' when too many run; to cancel: 1, or 0 when it is not running
-- uses queue/lib/clock
local id, kRunning, kAll = ARGV[3], P .. 'operations-running', P .. 'operations'
local MOST, KEPT = 100, 100

if ARGV[2] == 'cancel' then
  if rc('ZREM', kRunning, id) == 0 then return 0 end --! a cancelled operation ends
  rc('HSET', P .. 'operation:' .. id, 'state', 'cancelled', 'updated', nowText)
  return 1
end

local wish = table.concat({ ARGV[4], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[11] }, '\0')
local running = rc('ZRANGE', kRunning, 0, -1)
for i = 1, #running do
  if rc('HGET', P .. 'operation:' .. running[i], 'wish') == wish then return running[i] end --! the same operation runs once
end
if #running >= MOST then return '' end

-- What comes later is not meant: a delivery that fails again must not be sent for ever.
local upto = tonumber(ARGV[9])
if upto == 0 or upto > ms then upto = ms end --! an operation leaves what came later
if ARGV[4] == 'cancel' then upto = '+inf' else upto = string.format('%.0f', upto) end
rc('HSET', P .. 'operation:' .. id, 'kind', ARGV[4], 'set', P .. ARGV[5], 'action', ARGV[6], 'reason', ARGV[7], 'wish', wish,
   'upto', upto, 'rate', ARGV[10], 'most', ARGV[11], 'matched', ARGV[12], 'because', ARGV[13],
   'at', string.format('%.0f', tonumber(ARGV[8]) - 1), 'done', 0, 'state', 'running', 'created', nowText, 'updated', nowText)
rc('ZADD', kAll, ms, id)
rc('ZADD', kRunning, ms, id)
local surplus = rc('ZCARD', kAll) - KEPT
local oldest = surplus > 0 and rc('ZRANGE', kAll, 0, surplus + MOST) or {}
for i = 1, #oldest do
  if surplus > 0 and not rc('ZSCORE', kRunning, oldest[i]) then
    rc('UNLINK', P .. 'operation:' .. oldest[i])
    rc('ZREM', kAll, oldest[i])
    surplus = surplus - 1
  end
end
return id
