#!lua flags=allow-oom
-- Lets lines begin that waited until it was known that they go on nowhere else.
--
-- KEYS   1 prefix of the shard
-- ARGV   lines, at most 100: the lane and the order key with a colon between
-- RETURN 1
-- uses queue/lib/lines queue/lib/shorthand
for i = 1, #ARGV do lines.open(ARGV[i]) end
saveCounts()
return 1
