-- Removes an action and its versions. Its id stays among the changes, so that every instance hears of it.
-- KEYS   1 action   list    its versions as JSON
--        2 index    zset    action ids
--        3 changes  zset    action id → number of its last change
--        4 change   string  number of the last change to any action
-- ARGV   1 action id
-- RETURN 1 when there was one, 0 when not: then nothing was written
if redis.call('DEL', KEYS[1]) == 0 then
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[4]), ARGV[1])
return 1
