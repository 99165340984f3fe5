#!lua flags=allow-oom
-- Gives lanes of a new shard the pauses and weights that they have on another. What was told here since stays.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     then flat, at most 300: lane, its limits as they stand there, why it is paused or ''
-- RETURN 1
-- uses queue/lib/lanes
for i = 2, #ARGV, 3 do
  local name = ARGV[i]
  local _, weight, paused = match(ARGV[i + 1], LIMITS)
  local cap, own, until_, rate, resumed, attempt = match(rc('HGET', kLimits, name) or ',,,,,', LIMITS)
  if paused and cap then
    if own == '' then own = weight end
    if until_ == '' and (tonumber(paused) or 0) > ms then
      until_, resumed = paused, ''
      if ARGV[i + 2] ~= '' then rc('HSET', kNotes, name, ARGV[i + 2]) end
    end
    local text = table.concat({ cap, own, until_, rate, resumed, attempt }, ',')
    if text ~= ',,,,,' then rc('HSET', kLimits, name, text) end
  end
end
return 1
