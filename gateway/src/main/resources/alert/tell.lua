#!lua flags=allow-oom
-- Keeps which troubles there are, and tells reporting webhooks of each once when it begins and, where that has a name, when it
-- ends. May be repeated: what is known already is not told again.
--
-- KEYS   1 prefix of the shard
-- ARGV   flat, of each trouble there is now, at most 500: key, what begins, what ends or '', kind of subject, subject, reason
-- RETURN flat, of what began or ended by this call: key, 1 for began or 0
-- uses redis/values redis/time
local kAlerts, kReports, kMeta, MOST = P .. 'alerts', P .. 'reports', P .. 'meta', 500
local now = string.format('%.0f', wallMillis())
local kept = string.match(rc('HGET', kMeta, 'reports') or '', '^%d%d?%d?%d?%d?%d?%d?%d?%d?$')

local function tell(metric, kind, subject, reason)
  if not kept or metric == '' then return end
  rc('XADD', kReports, 'MAXLEN', '~', kept, '*', 'id', '', 'action', kind == 'lane' and subject or '', 'metric', metric,
     'reason', reason, 'at', now, 'object', kind, 'subject', subject)
end

local known, is, changed = {}, {}, {}
local all = rc('HGETALL', kAlerts)
for i = 1, #all, 2 do known[all[i]] = all[i + 1] end

for i = 1, math.min(#ARGV, MOST * 6), 6 do
  local key, begins, ends, kind, subject, reason = unpack(ARGV, i, i + 5)
  is[key] = true
  if not known[key] then
    rc('HSET', kAlerts, key, cjson.encode({ since = now, begins = begins, ends = ends, object = kind, subject = subject,
                                            reason = reason }))
    tell(begins, kind, subject, reason)
    changed[#changed + 1] = key; changed[#changed + 1] = '1'
  end
end
for key, text in pairs(known) do
  if not is[key] then
    local was = object(text) or {}
    rc('HDEL', kAlerts, key)
    tell(was.ends or '', was.object or '', was.subject or '', '')
    changed[#changed + 1] = key; changed[#changed + 1] = '0'
  end
end
return changed
