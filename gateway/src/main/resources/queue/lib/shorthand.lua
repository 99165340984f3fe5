-- Functions of Lua under short names.
local floor, ceil, min, max, match, sub = math.floor, math.ceil, math.min, math.max, string.match, string.sub
