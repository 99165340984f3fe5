-- Bodies still in the inbox: neighbours are read together as long as most of what is read is wanted. Where they were not
-- neighbours once in this claim, they are not tried again.
-- uses queue/lib/inbox queue/lib/shorthand
local scattered = false
local function readInbox(wanted)
  local found, open, lo, hi = {}, #wanted, nil, nil
  local want = {}
  for i = 1, open do
    local entry = wanted[i]
    want[entry] = true
    local at = match(entry, '^%d+')
    if not at then scattered = true -- no id at all
    else
      if not lo or at < lo then lo = at end
      if not hi or at > hi then hi = at end
    end
  end
  local step = 16
  while open >= 8 and not scattered do
    local es, hits = redis.pcall('XRANGE', kInbox, lo, hi, 'COUNT', step), 0
    if es.err then break end
    for i = 1, #es do
      local entry = es[i][1]
      if want[entry] and not found[entry] then found[entry] = es[i][2]; hits = hits + 1 end
    end
    open = open - hits
    scattered = hits * 2 < #es
    if #es < step then break end
    lo = '(' .. es[#es][1]
    step = min(128, open + 8)
  end
  if open > 0 then
    for i = 1, #wanted do
      local entry = wanted[i]
      if not found[entry] then found[entry] = inInbox(entry) end
    end
  end
  return found
end
