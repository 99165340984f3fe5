-- What every script reads Redis through; put in front of each of them. P is where all keys of the script begin.
--
-- What stands in Redis is nobody's word. A key that is not of its type fails each command on it for ever, and with it the
-- script and all that the script is about; so does a stream whose ids are used up. Such a key is set aside under another
-- name, with what is in it, and the command runs as if there had been none.
local P = KEYS[1]
local damage = {} -- names of what was put out of the way, a few of them: noteDamage
local onSetAside = function(name, kind) end -- for who tells more of it
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

-- RETURN the number that a text says, or the other one when it says none or one beyond all that is counted here
local function number(text, other)
  local n = tonumber(text)
  if n and n > -9.1e15 and n < 9.1e15 then return n end
  return other
end

-- Adds to a number in a hash. RETURN the sum; what is no number begins anew
local function add(key, field, n)
  local reply = redis.pcall('HINCRBY', key, field, n)
  if type(reply) == 'number' then return reply end
  rc('HSET', key, field, n)
  return tonumber(n)
end

-- RETURN the table of a JSON object, nil when the text is none
local function object(text)
  local good, value = pcall(cjson.decode, text or '')
  if good and type(value) == 'table' then return value end
end

