-- What happened, by name, since the keyspace was created.
-- uses redis/values queue/lib/keys
local counts = {}
local function count(name, n) counts[name] = (counts[name] or 0) + (n or 1) end

local function saveCounts()
  for name, n in pairs(counts) do add(kStats, name, n) end
  counts = {}
end
