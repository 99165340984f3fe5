#!lua flags=allow-oom
-- Changes a lane's limits, pauses or resumes it, and offers its work anew.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 lane     3 what: limits, lengthen, pause or resume
--        4 for limits: most leased jobs or ''     5 weight or '' (keeps it)     6 attempts per second or ''
--        7 for limits: the longest attempt, ms, or ''
--        8 for limits: block if who failed holds up those behind it in its line, or ''
--        4 for lengthen: the same, ignored if the lane's is as long
--        4 for pause: for how long, ms, or '' until it is resumed     5 why, or ''
-- RETURN 1
-- uses queue/lib/offers queue/lib/lines
local name, what = ARGV[2], ARGV[3]
local FOREVER = '9007199254740991'

local text = rc('HGET', kLimits, name) or ',,,,,'
local cap, weight, paused, rate, resumed, attempt = match(text, LIMITS)
if not cap then cap, weight, paused, rate, resumed, attempt = '', '', '', '', '', '' end
if what == 'limits' then
  cap, rate, attempt = ARGV[4], ARGV[6], ARGV[7] --! what a lane is told is kept
  if ARGV[5] ~= '' then weight = ARGV[5] end
  lines.tell(name, ARGV[8])
elseif what == 'lengthen' then
  if tonumber(attempt) and tonumber(attempt) < tonumber(ARGV[4]) then attempt = ARGV[4] end
elseif what == 'pause' then
  local length = tonumber(ARGV[4])
  paused, resumed = length and string.format('%.0f', ms + length) or FOREVER, ''
  if (ARGV[5] or '') ~= '' then rc('HSET', kNotes, name, ARGV[5]) else rc('HDEL', kNotes, name) end
elseif paused ~= '' then paused, resumed = '', nowText; rc('HDEL', kNotes, name) end
text = table.concat({ cap, weight, paused, rate, resumed, attempt }, ',')
if text == ',,,,,' then rc('HDEL', kLimits, name) else rc('HSET', kLimits, name, text) end
if rate == '' then rc('HDEL', kRates, name) end

loadLanes({ name })
offerHead(lanes[name])
saveIndex()
return 1
