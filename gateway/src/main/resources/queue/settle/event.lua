-- What is told of an outcome.
-- uses queue/settle/arguments queue/lib/events queue/lib/bodies
local ALSO = { [99] = 'conversion', [104] = 'holds' } -- by the fifth byte of the code

-- Without details, because the gateway has not heard of reporting webhooks yet, the job's data tells whom it was for.
local function report(o, action, kind, reason)
  if details[o] then return tell(ARGV[o + ID], action, kind, reason, 'details', details[o]) end
  local fields = bodyOf(ARGV[o])
  tell(ARGV[o + ID], action, kind, reason, 'data', fields and fields.data or '{}')
end

local function event(o, kind, reason, ...)
  local _, mode, inline = string.byte(ARGV[o + CODE], 1, 3)
  local action = inline == INLINE and '' or ARGV[o + LANE]
  if REPORTS then report(o, action, kind, reason) end --! a settlement is reported
  if mode == NOTHING or (mode == FINAL and kind == 'attempted') then return end
  rc('XADD', kResults, '*', 'id', ARGV[o + ID], 'action', action, 'event', kind, 'attempt', ARGV[o + ATTEMPT],
     'status', ARGV[o + STATUS], 'ms', ARGV[o + ELAPSED], 'reason', reason, 'at', nowText, ...)
end

-- RETURN what the event of this kind also says, if anything
local function also(o)
  local mark = ALSO[string.byte(ARGV[o + CODE], 5) or 0]
  if mark then return mark, '1' end
end
