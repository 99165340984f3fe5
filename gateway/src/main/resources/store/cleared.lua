#!lua
-- Removes what tells that these people left, once everybody knows.
--
-- KEYS   1 prefix of the shard:  person:<id>  hash   of one that left version is moved, and was only as long as they may
--                                                    not have arrived for good
-- ARGV   people
-- RETURN how many may not have arrived: they stay as they are
-- uses redis/guard
local left = 0
for i = 1, #ARGV do
  local person = P .. 'person:' .. ARGV[i]
  if rc('HGET', person, 'version') == 'moved' then
    if (rc('HGET', person, 'was') or '') ~= '' then left = left + 1 else rc('DEL', person) end
  end
end
return left
