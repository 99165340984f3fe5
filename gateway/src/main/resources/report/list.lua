#!lua flags=allow-oom
-- Every reporting webhook and how it stands.
--
-- KEYS   1 prefix of the shard
-- RETURN entries ever written, then per webhook: id, definition, its state as a flat list
-- uses report/lib/stream
local out = { (extent()) }
local all = rc('HGETALL', kWebhooks)
for i = 1, #all, 2 do
  local o = #out
  out[o + 1] = all[i]; out[o + 2] = all[i + 1]; out[o + 3] = rc('HGETALL', STATE .. all[i])
end
return out
