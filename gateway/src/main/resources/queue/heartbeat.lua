#!lua
-- Notes that a gateway lives, or has left, and names those that live. Redis' clock decides.
--
-- KEYS   1 prefix of what gateways say of themselves:  alive  sorted set  gateway, by when it was last heard of, ms
-- ARGV   1 gateway    2 after how long one that is not heard of is forgotten, ms    3 '1' if it lives, '' if it leaves
--        4 most names to return
-- RETURN names of those that live, in their order
-- uses redis/guard redis/time
local alive, now, patience = P .. 'alive', wallMillis(), tonumber(ARGV[2])
if ARGV[3] == '1' then rc('ZADD', alive, now, ARGV[1]) else rc('ZREM', alive, ARGV[1]) end
rc('ZREMRANGEBYSCORE', alive, '-inf', now - patience)
-- Noted by a server whose clock was ahead; who lives says so again within a second.
rc('ZREMRANGEBYSCORE', alive, now + patience, '+inf')
local names = rc('ZRANGE', alive, 0, tonumber(ARGV[4]) - 1)
table.sort(names)
return names
