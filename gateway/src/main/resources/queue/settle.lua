#!lua flags=allow-oom
-- Records what became of leases and publishes it. May be repeated: what was applied is not applied again.
--
-- KEYS   1 prefix of the shard
-- ARGV   1 default lane limit     2 results kept     3 sent deliveries kept     4 other ended ones kept
--        5 dedupe window, ms     6 memory for what was sent, bytes     7 name of the block of what was sent, or ''
--        then per job: entry, token, job id, lane, code, attempt, status, elapsed ms, record
--          and, if it was sent and its answer sets attributes: why they could not be set or '', person id or '', the
--          version that the next is made from, the person's new attributes, and as JSON what was set
--          and, if it was not: reason, delay ms, frozen request or '', and its attempt's log record or ''
--          and, when the code says so: details for reporting webhooks
--        code: what happened (s sent, u sent with attributes, r retry, f failed, d drafted, a aborted, k skipped,
--        c cancelled, l released), what to publish (a all, f final, n nothing), i for an inline request or -, k when more than
--        its inbox entry is kept of the job or -, what the event also says (c conversion, h holds its person) if
--        anything, t when details follow
--        record: what the history keeps of it should it end here, its length u16 in front; a sent one's last attempt
--        included
-- RETURN per job 1 applied, 0 not the caller's any more and ignored, 2 somebody changed the person since: nothing
--        happened, and the job is the caller's as before
-- uses queue/settle/apply queue/settle/save
local done, result = {}, {}

-- A success that comes after its lease ran out: delivered is delivered, wherever the job is by now. RETURN the result
local function late(i, kind)
  local o, entry = offsets[i], entries[i]
  if rc('HGET', kIds, ARGV[o + ID]) ~= entry then count('stale'); return 0 end --! a late success of an ended job is ignored
  if outdated(o, kind) then return 2 end --! a late update is compared
  keptAny[entry], states[entry] = true, rc('HGET', kState, entry) --! what became of a job before its late success goes
  apply(i, kind)
  if own[i] then
    unlease[#unlease + 1] = entry
    lanes[laneNames[i]].busy = lanes[laneNames[i]].busy - 1
  else
    rc('ZREM', DUE .. laneNames[i], entry)
    rc('ZREM', kFailed, entry)
    rc('ZREM', kDrafts, entry)
  end
  done[entry] = true
  count('late')
  return 1
end

-- By whoever holds the lease. RETURN the result
local function settle(i, kind)
  local entry, lane = entries[i], lanes[laneNames[i]]
  local conflict = outdated(offsets[i], kind) --! an outdated update leaves the job as it is
  if conflict then return 2 end
  apply(i, kind)
  unlease[#unlease + 1] = entry
  lane.busy = lane.busy - 1 --! a settlement frees its slot
  done[entry] = true
  return 1
end

for i = 1, jobCount do
  local o = offsets[i]
  local kind = string.byte(ARGV[o + CODE])
  result[i] = 0
  if done[entries[i]] then count('stale')
  elseif own[i] and own[i] == ARGV[o + TOKEN] then result[i] = settle(i, kind) --! fencing
  elseif kind == SENT or kind == UPDATED then result[i] = late(i, kind) --! a late success counts
  else count('stale') end
end
if next(counts) ~= nil then save() end
return result
