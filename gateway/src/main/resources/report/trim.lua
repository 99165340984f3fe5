#!lua flags=allow-oom
-- Removes what every webhook is done with and what is too old, and renews how many entries are kept.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 longest kept, ms     2 entries to keep on the stream
-- RETURN 1
-- uses report/lib/stream
announce(ARGV[2])
local first
local function before(a, b)
  local am, as = string.match(a, '^(%d+)-(%d+)$')
  local bm, bs = string.match(b, '^(%d+)-(%d+)$')
  am, as, bm, bs = tonumber(am), tonumber(as), tonumber(bm), tonumber(bs)
  return am < bm or (am == bm and as < bs)
end
local all = rc('HGETALL', kWebhooks)
for i = 1, #all, 2 do
  local webhook = object(all[i + 1])
  if webhook and webhook.enabled == true then
    local position = placeOf(rc('HGET', STATE .. all[i], 'position'))
    if not first or before(position, first) then first = position end
  end
end
if first then rc('XTRIM', kReports, 'MINID', '~', first) end
rc('XTRIM', kReports, 'MINID', '~', digits(now - tonumber(ARGV[1])))
return 1
