-- Figures of a lane by hour and by day, each period a hash of its own; kept for two days and for a month.
-- uses redis/values queue/lib/clock
local PERIODS = { hour = { 3600000, 2 * 86400000 }, day = { 86400000, 31 * 86400000 } }
local function tally(lane, what, n)
  for name, period in pairs(PERIODS) do
    local from = floor(ms / period[1]) * period[1]
    local bucket = string.format('%s:%.0f', name, from)
    if add(P .. 'tally:' .. bucket, lane .. ' ' .. what, n) == tonumber(n) then
      rc('ZADD', P .. 'tally-buckets', string.format('%.0f', from + period[1] + period[2]), bucket)
    end
  end
end
