-- What changes about a job, absent until it first fails, is reclaimed or parked. Damaged text reads as absent.
-- uses queue/lib/shorthand

--   version 1, attempts u16, reclaims u8, standing u8 (0 under way, 1 drafted, 2 failed; 16 more once its attributes
--   were set, which a job that is sent again brings along), first attempt ms f64, last change ms f64, reason length
--   u16, reason, then the attempt log
local function readState(text)
  if text and #text >= 23 and string.byte(text) == 1 then
    local _, attempts, reclaims, standing, first, changed, length = struct.unpack('>BHBBddH', text)
    if #text >= 23 + length then
      return { attempts = attempts, reclaims = reclaims, standing = standing % 16, set = standing >= 16,
               first = first, changed = changed, reason = sub(text, 24, 23 + length), log = sub(text, 24 + length) }
    end
  end
  return { attempts = 0, reclaims = 0, standing = 0, set = false, first = 0, changed = 0, reason = '', log = '' }
end

local function writeState(s)
  return struct.pack('>BHBBddHc0', 1, min(s.attempts, 65535), min(s.reclaims, 255), s.standing + (s.set and 16 or 0),
                     s.first, s.changed, #s.reason, s.reason) .. s.log
end
