-- What the scripts of the action store share.
-- uses redis/values

-- Gives the action its place among the changes, so that every instance hears of it.
local function changed(id)
  local last = number(rc('GET', P .. 'change'), 0) + 1
  rc('SET', P .. 'change', string.format('%.0f', last))
  rc('ZADD', P .. 'changes', last, id)
end
