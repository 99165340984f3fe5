-- The inbox counts on from its last id, which a producer may choose: the largest closes it for ever, and XSETID does not
-- go below an entry. So what was taken in leaves it, a few at a time, and an empty inbox is begun anew. Bodies that are
-- leased stay until their attempt ends, because who settles them counts on them here.
-- uses queue/claim/intake queue/lib/writes
local LEAVING, EVERY = 250, 100 -- entries, ms
local function beginInboxAnew()
  local righted = number(rc('HGET', kMeta, 'righted'), 0)
  if righted <= ms and ms < righted + EVERY then return end
  rc('HSET', kMeta, 'righted', nowText)
  local es = rc('XRANGE', kInbox, '-', cursor, 'COUNT', LEAVING)
  local entries, bodies, order, gone = {}, {}, {}, {}
  for i = 1, #es do entries[i] = es[i][1] end
  local leased = #es > 0 and rc('ZMSCORE', kLeased, unpack(entries))
  for i = 1, #es do
    local entry, fields = es[i][1], toMap(es[i][2])
    local lane = fields.action or fields.lane
    if not leased[i] then
      if fields.id and lane and rc('HGET', kIds, fields.id) == entry then
        bodies[#bodies + 1] = entry; bodies[#bodies + 1] = park(fields.id, lane, es[i][2], '')
        order[#order + 1] = nowText; order[#order + 1] = entry
      end
      gone[#gone + 1] = entry
    end
  end
  wide('HSET', kParked, bodies)
  wide('ZADD', kParkedAt, order)
  wide('XDEL', kInbox, gone)
  if rc('XLEN', kInbox) == 0 then
    rc('HSET', kMeta, 'cursor', '0-0') -- first: a script that failed half-way would pass by what comes
    rc('DEL', kInbox)
    cursor = '0-0'
    count('inbox_begun_anew')
  end
  anyChange = true
end
