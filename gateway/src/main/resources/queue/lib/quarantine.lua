-- Where goes what can be no job, with what there is of it.
-- uses queue/lib/keys queue/lib/shorthand queue/lib/counters

-- raw: a list of texts, its bytes bounded by who calls
local function toQuarantine(entry, reason, raw, most)
  rc('XADD', kQuarantine, 'MAXLEN', '~', most or 10000, '*', 'reason', reason, 'entry', entry, 'raw', cmsgpack.pack(raw))
end

onSetAside = function(name, kind)
  count('keys_set_aside')
  toQuarantine(name, 'key is not of its type', { 'kept as', 'damaged:' .. name, 'type', kind })
end

-- Bytes that are no job, in pieces as the quarantine takes them.
local function pieces(text)
  local list = {}
  for from = 1, min(#text, 65536), 4096 do list[#list + 1] = sub(text, from, from + 4095) end
  return list
end
