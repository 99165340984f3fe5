-- What is told of a delivery: to readers of results, and to reporting webhooks while there are any.
-- uses queue/lib/keys queue/lib/clock

-- Entries kept for reporting webhooks; nil while there are none, and nothing is told then.
local REPORTS = reports_ and match(reports_, '^%d%d?%d?%d?%d?%d?%d?%d?%d?$')

-- What reporting webhooks call an event (M84).
local METRICS = { sent = 'sent', attempted = 'attempted', failed = 'failed', drafted = 'drafted',
                  cancelled = 'undeliverable', skipped = 'undeliverable', aborted = 'undeliverable' }

-- form: details, what the gateway says of the job and its request; or data, the job's own
local function tell(id, action, event, reason, form, text)
  rc('XADD', kReports, 'MAXLEN', '~', REPORTS, '*', 'id', id, 'action', action, 'metric', METRICS[event], 'reason', reason,
     'at', nowText, form, text)
end

local function publish(fields, event, attempt, status, elapsed, reason, limit)
  if REPORTS then tell(fields.id or '', fields.action or '', event, reason, 'data', fields.data or '{}') end --! a cancellation is reported
  local wanted = fields.results or 'all'
  if wanted == 'none' or (wanted == 'final' and event == 'attempted') then return end
  rc('XADD', kResults, 'MAXLEN', '~', limit, '*', 'id', fields.id or '', 'action', fields.action or '', 'event', event,
     'attempt', attempt, 'status', status, 'ms', elapsed, 'reason', reason, 'at', nowText)
end
