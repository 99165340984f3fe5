-- The keys of one shard. KEYS[1], P in here, is the shard's prefix, posthaste:{tag}:. RedisKeys.java names every key and says
-- what it holds.
--
-- Rules of all scripts of the job engine: every loop is bounded; variadic calls carry 1,000 arguments or fewer; an entry is
-- added to its new place before it leaves the old one, because Redis keeps what a failing script wrote; bodies are never
-- parsed as JSON.
-- uses redis/guard
local kInbox, kIds, kLeased, kBusy = P .. 'inbox', P .. 'ids', P .. 'leased', P .. 'busy'
local kReady, kWake, kLimits, kRates = P .. 'ready', P .. 'wake', P .. 'lane-limits', P .. 'lane-rates'
local kParked, kState, kParkedAt, kCancelling = P .. 'parked', P .. 'state', P .. 'parked-at', P .. 'cancelling'
local kFailed, kDrafts, kResults, kQuarantine = P .. 'failed', P .. 'drafts', P .. 'results', P .. 'quarantine'
local kReports, kNotes = P .. 'reports', P .. 'lane-notes'
local kMeta, kStats, DUE, PERSON = P .. 'meta', P .. 'stats', P .. 'due:', P .. 'person:'
