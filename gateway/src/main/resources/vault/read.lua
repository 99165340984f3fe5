#!lua
-- Everything in the vault as it is at one moment.
-- KEYS   1 prefix of:  secrets   hash    name -> JSON: created_at, updated_at (epoch ms), sealed (base64)
--                      snippets  hash    name -> JSON: created_at, updated_at (epoch ms), value
--                      keys      hash    id -> JSON: kind, created_at, signs_until (epoch ms, 0 while current), sealed
--                      connections  hash  name -> JSON: created_at, updated_at (epoch ms), sealed
--                      change    string  number of the last change
-- RETURN the number of the last change, then the four hashes as flat lists, names of keys that were set aside
-- uses redis/change
return {
  rc('GET', P .. 'change') or '0',
  rc('HGETALL', P .. 'secrets'),
  rc('HGETALL', P .. 'snippets'),
  rc('HGETALL', P .. 'keys'),
  rc('HGETALL', P .. 'connections'),
  damage,
}
