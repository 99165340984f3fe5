-- What a claim is asked for; claim.lua says what each is.
-- uses queue/lib/shorthand
local N, LONGEST, MAX_BYTES = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local INTAKE, RECLAIMS, TURN, MAX_RECLAIMS = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local SPREAD, MAX_DATA, RESULTS, QUARANTINE = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11], ARGV[12]
local WINDOW, CLOSED, MARGIN = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local WHO, NUMBER, LOST = ARGV[16], tonumber(ARGV[17]), ARGV[18]
local mostNow = {} -- lane -> how many of it this claim takes at most
for i = 19, min(#ARGV, 19 + 255), 2 do mostNow[ARGV[i]] = tonumber(ARGV[i + 1]) end
