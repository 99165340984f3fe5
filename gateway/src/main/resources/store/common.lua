-- What the scripts of the action store share.
local PREFIX = P

-- Gives the action its place among the changes, so that every instance hears of it.
local function changed(id)
  local last = number(rc('GET', PREFIX .. 'change'), 0) + 1
  rc('SET', PREFIX .. 'change', string.format('%.0f', last))
  rc('ZADD', PREFIX .. 'changes', last, id)
end
