#!lua flags=no-writes,allow-oom
-- Which lines go on here, and how much of the inbox is taken in: what is not may belong to one of them.
--
-- KEYS   1 prefix of the shard
-- ARGV   lines, at most 100: the lane and the order key with a colon between
-- RETURN last inbox entry taken in; last inbox entry that there ever was; then 1 or 0 for each line
-- uses queue/lib/lines queue/lib/shorthand
local last = '0-0'
if rc('EXISTS', kInbox) == 1 then
  local info = rc('XINFO', 'STREAM', kInbox)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
local out = { cursor_ or '0-0', last }
for i = 1, #ARGV do out[i + 2] = lines.isThere(ARGV[i]) end
return out
