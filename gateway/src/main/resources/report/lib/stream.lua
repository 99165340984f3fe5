-- What the scripts of reporting webhooks share.
--
-- KEYS[1], P in here, is the shard's prefix. RedisKeys.java names every key and says what it holds.
--
-- report-state:<id>, a hash:
--   position, seq     last entry that is done with, and its number among all ever written
--   owner, until      the gateway that sends, and until when it may (ms); token changes whenever what it knows is void
--   failures, not-before, paused, status, reason, at      of the last attempt; not-before is when the next may follow
--   delivered, lost, expired      counts; lost were trimmed from the stream before their turn
-- uses redis/values redis/time
local kReports, kWebhooks, kMeta, STATE = P .. 'reports', P .. 'report-webhooks', P .. 'meta', P .. 'report-state:'
local now = wallMillis()
local function digits(n) return string.format('%.0f', n) end

-- RETURN how many entries were ever written, how many of them are gone, id of the last
local function extent()
  if rc('EXISTS', kReports) == 0 then return 0, 0, '0-0' end
  local info, of = rc('XINFO', 'STREAM', kReports), {}
  for i = 1, #info, 2 do of[info[i]] = info[i + 1] end
  return of['entries-added'], of['entries-added'] - of['length'], of['last-generated-id']
end

-- Tells the engine's scripts how many entries to keep, or that nobody listens; what nobody will read goes.
local function announce(keep)
  for _, definition in ipairs(rc('HVALS', kWebhooks)) do
    local webhook = object(definition)
    if webhook and webhook.enabled == true then return rc('HSET', kMeta, 'reports', keep) end
  end
  rc('HDEL', kMeta, 'reports')
  rc('UNLINK', kReports)
end

-- RETURN a place in the stream; what is none is before all
local function placeOf(text)
  if text and #text <= 41 and string.find(text, '^%d+-%d+$') and not redis.pcall('XRANGE', kReports, text, text).err then
    return text
  end
  return '0-0'
end
