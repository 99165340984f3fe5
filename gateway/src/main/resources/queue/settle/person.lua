-- The attributes that an answer sets.
-- uses queue/settle/event queue/settle/finish queue/lib/counters

-- Whether somebody changed the person since this update was made from it.
local function outdated(o, kind)
  if kind ~= UPDATED or ARGV[o + PERSON_ID] == '' then return false end --! the version of a person is compared
  if (rc('HGET', PERSON .. ARGV[o + PERSON_ID], 'version') or '0') == ARGV[o + VERSION] then return false end
  count('conflicts')
  return true
end

-- Versions start at the time, so that a person deleted and made again never has one twice.
local function setPerson(o)
  local id, version = ARGV[o + PERSON_ID], tonumber(ARGV[o + VERSION])
  if id == '' then return end --! nobody is written for the journey's attributes
  version = version == 0 and us or version + 1 --! the version of a person grows
  rc('HSET', PERSON .. id, 'version', string.format('%.0f', version), 'attributes', ARGV[o + ATTRIBUTES])
end

-- The event goes first: it is what could fail, and then nothing is set.
local function sentWithAttributes(i)
  local o = offsets[i]
  local problem = ARGV[o + PROBLEM]
  if problem == '' then --! an update that failed is told as failed
    event(o, 'sent', '', 'attributes', ARGV[o + WAS_SET], also(o)) --! what was set is told
  else event(o, 'sent', problem, 'attribute_update', 'failed', also(o)) end
  setPerson(o) --! the person is written
  finishSent(i)
end
