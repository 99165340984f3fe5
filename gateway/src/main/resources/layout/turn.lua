#!lua
-- Takes a step of a change of the layout, if nobody took one since.
--
-- KEYS   1 posthaste:meta   hash
-- ARGV   1 epoch that the step follows     then flat: field, value, '' for none
-- RETURN 1, or 0 when the epoch is another one by now: then nothing was written
local meta = KEYS[1]
if (redis.call('HGET', meta, 'epoch') or '0') ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', meta, ARGV[i]) else redis.call('HSET', meta, ARGV[i], ARGV[i + 1]) end
end
redis.call('HSET', meta, 'epoch', string.format('%.0f', ARGV[1] + 1))
return 1
