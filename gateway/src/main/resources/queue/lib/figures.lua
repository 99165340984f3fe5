-- Figures of a lane by hour, by quarter of a day and by day, and of all lanes, '*', by minute too; how long answers took,
-- which are figures that begin with '@', not by day. Each period has a hash of its own that is kept as long as said here, ms.
-- uses redis/values queue/lib/shorthand queue/lib/clock
local tally, tallyOf
do -- What nobody else needs: Lua has room for 200 locals in a script.
  local DAY = 86400000
  local PERIODS = {
    minute = { 60000, 1800000, all = true, times = true }, hour = { 3600000, 2 * DAY, times = true },
    quarter = { 21600000, 8 * DAY, times = true }, day = { DAY, 31 * DAY },
  }

  local function addTo(bucket, field, n, droppedAt)
    if add(P .. 'tally:' .. bucket, field, n) == tonumber(n) then
      rc('ZADD', P .. 'tally-buckets', string.format('%.0f', droppedAt), bucket)
    end
  end

  function tallyOf(lane, what, n)
    local time = sub(what, 1, 1) == '@'
    local kind, field = time and '-times' or '', lane .. ' ' .. (time and sub(what, 2) or what)
    for name, period in pairs(PERIODS) do
      if (lane == '*' or not period.all) and (period.times or not time) then
        local from = floor(ms / period[1]) * period[1]
        addTo(string.format('%s%s:%.0f', name, kind, from), field, n, from + period[1] + period[2])
      end
    end
  end

  function tally(lane, what, n)
    tallyOf(lane, what, n)
    tallyOf('*', what, n)
  end
end
