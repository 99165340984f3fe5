#!lua
-- Removes an action and its versions. Its id stays among the changes.
-- KEYS   1 prefix of:  action:<id>  list    its versions as JSON
--                      index        zset    action ids
--                      changes      zset    action id -> number of its last change
--                      change       string  number of the last change to any action
-- ARGV   1 action id
-- RETURN 1 when there was one, 0 when not: then nothing was written
-- uses store/lib/change
if rc('DEL', P .. 'action:' .. ARGV[1]) == 0 then
  return 0
end
rc('ZREM', P .. 'index', ARGV[1])
changed(ARGV[1])
return 1
