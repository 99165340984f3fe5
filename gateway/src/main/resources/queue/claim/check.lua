-- What can be a job. Fields may come in any order; nearly all producers write them as the contract does.
-- uses queue/claim/arguments queue/claim/time queue/lib/shorthand
local FARTHEST = 366 * 86400000 -- ms; how far ahead a job may be due
local readFields
do
  local FIELD = { v = 1, id = 64, action = 64, lane = 64, data = MAX_DATA, request = MAX_DATA, at = 15, key = 64, draft = 1,
                  results = 5, by = 128, grant = 128, order = 64, traceparent = 512 }
  local RESULT_MODES = { none = true, final = true, all = true }
  local goodName = {}

  local function isName(text)
    return #text <= 64 and string.find(text, '^[%w._-]+$') ~= nil
  end

  local function isLane(text)
    local good = goodName[text]
    if good == nil then good = isName(text); goodName[text] = good end
    return good
  end

  local function isObject(text)
    if string.byte(text) == 123 and string.byte(text, -1) == 125 then return true end
    return string.find(sub(text, 1, 256), '^%s*{') and string.find(sub(text, -256), '}%s*$') and true
  end

  -- RETURN the reason, or nil and id, lane, at, order
  local function check(fields)
    if #fields > 26 then return 'too many fields' end
    local map = {}
    for i = 1, #fields, 2 do
      local name, value = fields[i], fields[i + 1]
      if not FIELD[name] then return 'unknown field' end
      if map[name] then return 'field twice: ' .. name end
      if #value > FIELD[name] then return name .. ' is too long' end
      map[name] = value
    end
    if map.v ~= '1' then return 'v is not 1' end
    if not map.id or not isName(map.id) then return 'id is not 1 to 64 of A-Z a-z 0-9 . _ -' end
    local lane = map.action
    if map.request then
      if map.action then return 'both action and request' end
      if not map.lane then return 'request without lane' end
      if not isObject(map.request) then return 'request is not a JSON object' end
      lane = map.lane
    elseif map.lane then return 'lane without request'
    elseif map.grant then return 'grant without request' end
    if not lane then return 'neither action nor request' end
    if not isLane(lane) then return (map.action and 'action' or 'lane') .. ' is not 1 to 64 of A-Z a-z 0-9 . _ -' end
    if not map.data or not isObject(map.data) then return 'data is not a JSON object' end
    if map.at and not string.find(map.at, '^%d+$') then return 'at is not epoch milliseconds' end
    if map.at and tonumber(map.at) > ms + FARTHEST then return 'at is more than a year ahead' end
    if map.key and not string.find(map.key, '^[!-~]+$') then return 'key is not 1 to 64 visible ASCII characters' end
    if map.order and not string.find(map.order, '^[!-~]+$') then return 'order is not 1 to 64 visible ASCII characters' end
    if map.draft and map.draft ~= '1' then return 'draft is not 1' end
    if map.results and not RESULT_MODES[map.results] then return 'results is not none, final or all' end
    if map.by and not string.find(map.by, '^%C+$') then return 'by is not 1 to 128 bytes without control characters' end
    return nil, map.id, lane, map.at and tonumber(map.at) + AHEAD_MS, map.order
  end

  function readFields(f)
    if #f == 8 and f[7] == 'data' and f[5] == 'action' and f[3] == 'id' and f[1] == 'v' and f[2] == '1' then
      local id, data = f[4], f[8]
      if #data <= MAX_DATA and string.byte(data) == 123 and string.byte(data, -1) == 125 and isName(id) and isLane(f[6]) then
        return nil, id, f[6]
      end
    end
    return check(f)
  end
end
