-- Commands with many arguments.
-- uses queue/lib/keys queue/lib/shorthand

-- In pieces: what is passed at once stands on a stack that is not made for many.
-- option: what stands between key and list, if anything
local function wide(command, key, list, option)
  for a = 1, #list, 1000 do
    local b = min(a + 999, #list)
    if option then rc(command, key, option, unpack(list, a, b)) else rc(command, key, unpack(list, a, b)) end
  end
end
