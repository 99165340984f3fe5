#!lua flags=allow-oom
-- Removes what has been kept long enough, a bounded part at a time.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit         2 most to remove of each kind     3 failed kept, ms     4 failed kept, number
--        5 sent kept, ms              6 other ended kept, ms            7 dedupe window, ms
-- RETURN 1 if there is more to remove, else 0
-- uses queue/lib/history queue/lib/requests queue/lib/known queue/lib/parked queue/lib/lines
local MOST = tonumber(ARGV[2])
local FAILED_AGE, FAILED_MOST, WINDOW = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[7])
local more = 0

local function purge(entries)
  local ids = {}
  for i = 1, #entries do
    local id = readParked(rc('HGET', kParked, entries[i]))
    -- Only if it is still this job's: a damaged body names no id, and its id then stays with it.
    if id and rc('HGET', kIds, id) == entries[i] then ids[#ids + 1] = id end
  end
  keepKnown(ids, WINDOW)
  for i = 1, #entries do lines.leave(entries[i]) end
  wide('ZREM', kFailed, entries)
  wide('HDEL', kIds, ids)
  wide('HDEL', kParked, entries)
  wide('HDEL', kState, entries)
  if #entries == MOST then more = 1 end
end

local function expire(series, age)
  for i = 1, MOST do
    local block, _, ended = blockHead(series, 0)
    if block and ended > ms - age or not block and rc('LLEN', P .. series) == 0 then return end
    rc('LPOP', P .. series)
    if i == MOST then more = 1 end
  end
end

-- What was sent goes with the history of it.
local function expireRequests()
  local first = number(rc('HGET', kMeta, 'requests-first'), nil)
  local oldest = blockHead('sent', 0) or number(rc('HGET', kMeta, 'sent-blocks'), 0)
  if first and first < oldest and not dropRequests(-1, 0, oldest - 1) then more = 1 end
end

local function forget()
  local old = rc('ZRANGE', P .. 'known-buckets', '-inf', string.format('%.0f', ms - WINDOW * 1.25), 'BYSCORE', 'LIMIT', 0, MOST)
  for i = 1, #old do
    rc('UNLINK', P .. 'known:' .. old[i])
    rc('ZREM', P .. 'known-buckets', old[i])
  end
end

purge(rc('ZRANGE', kFailed, '-inf', string.format('%.0f', ms - FAILED_AGE), 'BYSCORE', 'LIMIT', 0, MOST))
local surplus = rc('ZCARD', kFailed) - FAILED_MOST
if surplus > 0 then purge(rc('ZRANGE', kFailed, 0, min(surplus, MOST) - 1)) end
expire('sent', tonumber(ARGV[5]))
expireRequests()
expire('closed', tonumber(ARGV[6]))
forget()
return more
