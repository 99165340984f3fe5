-- Values that somebody else may have written.
-- uses redis/guard

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
