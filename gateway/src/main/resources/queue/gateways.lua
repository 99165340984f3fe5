#!lua flags=no-writes
-- Which gateways there are, and by which layout each acts.
--
-- KEYS   1 prefix of what gateways say of themselves, as heartbeat.lua has it
-- ARGV   1 most gateways
-- RETURN flat: gateway, epoch or '' for one that knows of none
-- uses redis/guard
local most, out, seen = tonumber(ARGV[1]) - 1, {}, {}
for _, set in ipairs({ 'heard', 'alive' }) do
  local names = rc('ZRANGE', P .. set, 0, most)
  for i = 1, #names do
    if not seen[names[i]] then
      seen[names[i]] = true
      out[#out + 1] = names[i]
      out[#out + 1] = rc('HGET', P .. 'epochs', names[i]) or ''
    end
  end
end
return out
