#!lua
-- Notes that a gateway lives, or has left, and names those that live. Redis' clock decides.
--
-- KEYS   1 prefix of what gateways say of themselves:  alive  sorted set  gateway, by when it was last heard of, ms
--                                                      heard  sorted set  the same, remembered longer
--                                                      epochs hash        gateway -> epoch of the layout it acts by
-- ARGV   1 gateway    2 after how long one that is not heard of is forgotten, ms    3 '1' if it lives, '' if it leaves,
--        '0' if it starts and polls nothing yet    4 most names to return    5 the epoch that it acts by
--        6 after how long one that is not heard of acts no more, ms
-- RETURN names of those that live, in their order
-- uses redis/guard redis/time
local alive, heard, epochs = P .. 'alive', P .. 'heard', P .. 'epochs'
local now, patience = wallMillis(), tonumber(ARGV[2])
if ARGV[3] == '1' then rc('ZADD', alive, now, ARGV[1]) else rc('ZREM', alive, ARGV[1]) end
if ARGV[3] == '' then
  rc('ZREM', heard, ARGV[1])
  rc('HDEL', epochs, ARGV[1])
else
  rc('ZADD', heard, now, ARGV[1])
  rc('HSET', epochs, ARGV[1], ARGV[5])
end
rc('ZREMRANGEBYSCORE', alive, '-inf', now - patience)
-- Noted by a server whose clock was ahead; who lives says so again within a second.
rc('ZREMRANGEBYSCORE', alive, now + patience, '+inf')
rc('ZREMRANGEBYSCORE', heard, now + tonumber(ARGV[6]), '+inf')
local gone = rc('ZRANGE', heard, '-inf', now - tonumber(ARGV[6]), 'BYSCORE', 'LIMIT', 0, 100)
for i = 1, #gone do
  rc('ZREM', heard, gone[i])
  rc('HDEL', epochs, gone[i])
end
local names = rc('ZRANGE', alive, 0, tonumber(ARGV[4]) - 1)
table.sort(names)
return names
