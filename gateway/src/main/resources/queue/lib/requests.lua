-- What sent deliveries were sent as: a block of bytes beside each block of the history, not read here.
-- uses redis/values queue/lib/keys queue/lib/shorthand
local REQUESTS_OF = P .. 'requests:'

-- Blocks go, oldest first and a few at a time, until so many bytes are left or this number is reached. `more` bytes came.
local function dropRequests(most, more, upto)
  local used, first = unpack(rc('HMGET', kMeta, 'request-bytes', 'requests-first'))
  used, first = number(used, 0) + more, number(first, upto)
  for _ = 1, 64 do
    if used <= most or first > upto then break end
    local key = REQUESTS_OF .. string.format('%.0f', first)
    used = used - rc('STRLEN', key)
    rc('UNLINK', key)
    first = first + 1
  end
  rc('HSET', kMeta, 'request-bytes', used, 'requests-first', first)
  return first > upto
end
