#!lua
-- Makes a key the current one of its kind. What was current still signs for a while; what no longer signs is removed.
-- Before the first rotation the configured key is current: it is then noted as initial-<kind>, without key material.
-- KEYS   1 prefix of:  keys    hash    id -> JSON: kind, created_at, signs_until, sealed
--                      change  string  number of the last change
-- ARGV   1 id of the new key    2 kind    3 sealed key, base64    4 grace, ms    5 most replaced keys that sign
-- RETURN the new key as JSON; nil when so many replaced keys still sign: then nothing was written
-- uses redis/change redis/time
local keys = P .. 'keys'
local at = wallMillis()
local all = rc('HGETALL', keys)
local current, signing, ended = nil, 0, {}
for i = 1, #all, 2 do
  local key = object(all[i + 1]) -- a damaged one is nobody's: it can be revoked by its id
  local ends = key and key.kind == ARGV[2] and type(key.sealed) == 'string' and number(key.signs_until, nil)
  if ends then
    if ends == 0 then
      current = { id = all[i], json = key }
    elseif ends > at then
      signing = signing + 1
    else
      ended[#ended + 1] = all[i]
    end
  end
end
if signing >= tonumber(ARGV[5]) then
  return false
end
local function written(kind, created, signs_until, sealed)
  return string.format(
    '{"kind":"%s","created_at":%.0f,"signs_until":%.0f,"sealed":"%s"}', kind, created, signs_until, sealed)
end
for _, id in ipairs(ended) do
  rc('HDEL', keys, id)
end
local grace = at + tonumber(ARGV[4])
if current then
  rc('HSET', keys, current.id, written(ARGV[2], number(current.json.created_at, 0), grace, current.json.sealed))
else
  rc('HSET', keys, 'initial-' .. ARGV[2], written(ARGV[2], 0, grace, ''))
end
local fresh = written(ARGV[2], at, 0, ARGV[3])
rc('HSET', keys, ARGV[1], fresh)
changed()
return fresh
