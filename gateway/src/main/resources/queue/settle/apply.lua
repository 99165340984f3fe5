-- What an outcome does to its job.
-- uses queue/settle/stay queue/settle/person queue/settle/finish queue/settle/event queue/lib/figures queue/lib/counters
local ENDS = { [ABORTED] = 'aborted', [SKIPPED] = 'skipped', [CANCELLED] = 'cancelled' }
local STAYS = { [RETRY] = true, [RELEASED] = true, [DRAFTED] = true }

local function cancel(i)
  local o = offsets[i]
  event(o, 'cancelled', 'cancelled')
  finish(i, closedRecords, ARGV[o + LOG])
  tally(laneNames[i], 'cancelled', 1)
  count('cancelled')
end

local function apply(i, kind)
  local o = offsets[i]
  if cancelAny and STAYS[kind] and rc('HEXISTS', kCancelling, entries[i]) == 1 then return cancel(i) end --! a cancelled retry ends
  if kind == SENT then event(o, 'sent', '', also(o)); finishSent(i)
  elseif kind == UPDATED then sentWithAttributes(i)
  elseif kind == RETRY then stay(i, 'attempted', nil, 0); count('attempted')
  elseif kind == FAILED then stay(i, 'failed', kFailed, 2); count('failed')
  elseif kind == DRAFTED then stay(i, 'drafted', kDrafts, 1); count('drafted')
  elseif kind == RELEASED then wait(i, ms + (tonumber(ARGV[o + DELAY]) or 0)); count('released')
  else
    event(o, ENDS[kind], ARGV[o + REASON])
    finish(i, closedRecords)
    count(ENDS[kind])
  end
end
