-- What the scripts of the action store share. PREFIX is where all its keys begin.
local PREFIX = KEYS[1]

-- Gives the action its place among the changes, so that every instance hears of it.
local function changed(id)
  redis.call('ZADD', PREFIX .. 'changes', redis.call('INCR', PREFIX .. 'change'), id)
end
