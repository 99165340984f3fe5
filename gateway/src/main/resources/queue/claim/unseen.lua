-- What this caller was given by a claim whose reply never reached it goes back at once, instead of when its lease ends.
-- A claim that was held up until a later one of the same caller was served gives nothing: nobody waits for its reply.
-- uses queue/claim/reclaim queue/claim/tokens
local kClaim = P .. 'claim:' .. WHO
local MOST_RETURNED = 256 -- no claim takes more
local HELD_UP = 64 -- claims that may have been served before one that was held up; what is further ahead is no number of ours
local function returnUnseen()
  if WHO == '' then return end
  local last, tokens = match(rc('GETRANGE', kClaim, 0, 4095), '^(%d+)([ %d]*)$')
  if not last or tonumber(last) > NUMBER + HELD_UP then return end
  if tonumber(last) > NUMBER then N = 0; return end
  if not string.find(LOST, ',' .. last .. ',', 1, true) then return end
  local left = MOST_RETURNED
  for token in string.gmatch(tokens, '%d+') do
    local unseen = left > 0 and rc('ZRANGE', kLeased, token, token, 'BYSCORE', 'LIMIT', 0, left) or {}
    for i = 1, #unseen do reclaimOne(unseen[i], i, true) end
    left = left - #unseen
  end
  rc('DEL', kClaim)
  anyChange = true
  saveLanes()
end

local REMEMBERED = 660000 -- ms; as long as a lease may last
local function rememberClaim()
  if WHO == '' or claimed == 0 then return end
  local tokens = { tostring(NUMBER) }
  for token in pairs(handed) do tokens[#tokens + 1] = token end
  rc('SET', kClaim, table.concat(tokens, ' '), 'PX', REMEMBERED)
end
