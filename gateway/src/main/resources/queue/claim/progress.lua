-- What this claim did so far.
local claimed, claimedBytes, takenBytes, anyChange = 0, 0, 0, false -- jobs and their bytes leased, bytes taken in, whether anything is to be saved
local fresh, outs, rest = {}, {}, {} -- leases that are handed out; claim.lua says in which form
