-- Commands with many arguments.
-- uses queue/lib/keys queue/lib/shorthand

-- In pieces: what is passed at once stands on a stack that is not made for many.
local function wide(command, key, list)
  for a = 1, #list, 1000 do rc(command, key, unpack(list, a, min(a + 999, #list))) end
end
