-- What is set aside.
-- uses queue/claim/arguments queue/lib/quarantine queue/lib/state queue/lib/lines
local function quarantine(entry, reason, fields)
  local raw, size = {}, 0
  for i = 1, min(#fields, 64) do
    raw[i] = sub(fields[i], 1, 4096)
    size = size + #raw[i]
    if size > 65536 then break end
  end
  toQuarantine(entry, reason, raw, QUARANTINE)
  count('quarantined')
end

-- A leased entry without a body that says whose it is goes, with what there is of it.
local function expel(entry, text)
  quarantine(entry, text and 'body damaged' or 'body missing', text and pieces(text) or {})
  lines.leave(entry)
  rc('ZREM', kLeased, entry)
  rc('ZREM', kParkedAt, entry)
  rc('HDEL', kParked, entry)
  rc('HDEL', kState, entry)
  noteDamage(entry)
end
