-- The settlements that a call brings; settle.lua says what each argument is. Of the i-th, offsets[i] is where its arguments
-- begin in ARGV, entries[i] its entry and laneNames[i] its lane.
-- uses queue/lib/shorthand
local RESULTS, SENT_KEPT, CLOSED_KEPT = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local WINDOW, REQUEST_BYTES, BLOCK, FIRST = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], 8

-- Where each is, from the first argument of a settlement on.
local TOKEN, ID, LANE, CODE, ATTEMPT, STATUS, ELAPSED, RECORD = 1, 2, 3, 4, 5, 6, 7, 8
local PROBLEM, PERSON_ID, VERSION, ATTRIBUTES, WAS_SET = 9, 10, 11, 12, 13 -- of one that sets attributes
local REASON, DELAY, FROZEN, LOG = 9, 10, 11, 12 -- of one that was not sent

-- What happened, as the first byte of the code says.
local SENT, UPDATED, RETRY, FAILED, DRAFTED = 115, 117, 114, 102, 100
local ABORTED, SKIPPED, CANCELLED, RELEASED = 97, 107, 99, 108
local ARGUMENTS = { [SENT] = 9, [UPDATED] = 14 } -- of all others 13
local INLINE, KEPT, DETAILS = 105, 107, 116 -- second, fourth and last byte of the code
local FINAL, NOTHING = 102, 110 -- what to publish, its third

local offsets, entries, laneNames, details, keptEntries, jobCount = {}, {}, {}, {}, {}, 0
do
  local o, last = FIRST, #ARGV
  while o <= last do
    jobCount = jobCount + 1
    offsets[jobCount] = o; entries[jobCount] = ARGV[o]; laneNames[jobCount] = ARGV[o + LANE]
    local code = ARGV[o + CODE]
    local width = ARGUMENTS[string.byte(code)] or 13
    if string.byte(code, 4) == KEPT then keptEntries[#keptEntries + 1] = ARGV[o] end
    if string.byte(code, -1) == DETAILS then
      details[o] = ARGV[o + width]
      width = width + 1
    end
    o = o + width
  end
end
if jobCount == 0 then return {} end
