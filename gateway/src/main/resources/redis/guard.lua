-- What every script reads Redis through. P is where all keys of the script begin.
--
-- What stands in Redis is nobody's word. A key that is not of its type fails each command on it for ever, and with it the
-- script and all that the script is about; so does a stream whose ids are used up. Such a key is set aside under another
-- name, with what is in it, and the command runs as if there had been none.
local P = KEYS[1]
local damage = {} -- names of what was put out of the way, a few of them: noteDamage
local onSetAside = function(_name, _kind) end -- for who tells more of it
local rc

local function noteDamage(name)
  if #damage < 16 then damage[#damage + 1] = name end
end

local function isUnusable(problem)
  return string.find(problem, 'WRONGTYPE', 1, true) or string.find(problem, 'exhausted', 1, true)
      or string.find(problem, 'equal or smaller', 1, true)
end

local function setAside(key)
  local name, kind = string.sub(key, #P + 1), redis.call('TYPE', key).ok
  redis.call('RENAME', key, P .. 'damaged:' .. name)
  noteDamage(name)
  onSetAside(name, kind)
end

function rc(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if isUnusable(reply.err) then setAside(key) end
  return redis.call(command, key, ...)
end
