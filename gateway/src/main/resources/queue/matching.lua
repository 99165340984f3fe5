#!lua flags=no-writes,allow-oom
-- Counts deliveries that match, a part at a time.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 failed or drafts     3 action or ''     4 reason or ''     5 after, ms     6 until, ms
--        7 most to look at
-- RETURN how many match, and where to go on after, '' when there is nothing more
-- uses queue/lib/selection
local found, last = slice(P .. ARGV[2], ARGV[5], ARGV[6], tonumber(ARGV[7]))
local n = 0
for i = 1, #found, 2 do
  if matching(found[i], ARGV[3], ARGV[4]) then n = n + 1 end
end
return { n, last and '' or found[#found] }
