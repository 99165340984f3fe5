// Do deliveries flow? The answer first, then the figures, then what hurts.
import { html, signal, useEffect, useSignal } from "./vendor/ui.js";
import { post, withQuery } from "./api.js";
import { Act, Pause } from "./buttons.js";
import { connection, series, state } from "./live.js";
import { count, duration, percent, plural, rate } from "./format.js";
import { Chart, DueChart, Spark } from "./charts.js";
import { Empty, Heading, Loading, State, Text, Time } from "./parts.js";

const SPANS = { "": "15 min", "24h": "24 h", "7d": "7 d" };

/** What looks further back is loaded when somebody does. */
const further = signal(null);

export default function Now({ query: { span = "", action = "" } }) {
  useEffect(() => {
    if (span && !further.value) import("./span.js").then((module) => (further.value = module.default), () => (further.value = Unloaded));
  }, [span]);
  // A gateway in its first second has no past.
  if (!state.value || !series.value?.at) {
    return html`<${Heading} title="Now"><${Switch} span=${span} action=${action} /><//>${connection.value.status === "lost" ? null : html`<${Loading} />`}`;
  }
  const recent = lately(series.value);
  const Further = further.value;
  return html`<${Heading} title="Now"><${Switch} span=${span} action=${action} /><//>
    <${Verdict} now=${state.value} recent=${recent} />
    <${Alerts} list=${state.value.alerts} />
    <${Whose} now=${state.value} span=${span} />
    ${span === "" ? html`<${Live} recent=${recent} />` : Further ? html`<${Further} span=${span} action=${action} />` : html`<${Loading} />`}`;
}

const Unloaded = () => html`<p class="trouble" role="alert">The page could not be loaded. <a href="/">Load again</a></p>`;

/** The span stands in the address, so that it can be passed on. */
const Switch = ({ span, action }) => html`<div class="spans" role="group" aria-label="How far back">${Object.entries(SPANS).map(([name, label]) => html`<a
  href=${withQuery("#/", { span: name, action: name && action })} aria-current=${name === span || (name === "" && span === "15m") ? "true" : null}>${label}</a>`)}</div>`;

/** Whose figures these are, where there are several gateways. */
function Whose({ now, span }) {
  if (now.gateways.length < 2) return null;
  if (span === "15m") return html`<p class="quiet">Minute by minute, of all ${count(now.gateways.length)} gateways. <a href="#/">Second by second, of one</a></p>`;
  return span === "" && html`<p class="quiet">Rates and answer times are of the gateway that answers here, <${Text} value=${now.gateway} />, one of ${count(now.gateways.length)}; what waits is of all. <a href="#/?span=15m">Of all, minute by minute</a></p>`;
}

function Live({ recent }) {
  return html`
    <${Figures} now=${state.value} recent=${recent} />
    <${Charts} columns=${series.value} />
    <${Lanes} now=${state.value} />
    <div class="halves"><${Schedule} schedule=${state.value.schedule} /><${Hosts} hosts=${state.value.limiting_hosts} /></div>`;
}

const sum = (column, seconds) => column.slice(-seconds).reduce((all, n) => all + n, 0);
const last = (column) => column[column.length - 1];

/** The last seconds as single figures. */
function lately(columns) {
  const span = Math.min(10, columns.at.length);
  const good = sum(columns.delivered, 60);
  const bad = sum(columns.retried, 60) + sum(columns.failed, 60);
  return {
    perSecond: sum(columns.delivered, 10) / span,
    share: good + bad ? good / (good + bad) : null,
    attempts: good + bad,
    unsuccessful: bad,
    p50: last(columns.answer_p50), p95: last(columns.answer_p95), p99: last(columns.answer_p99),
    inFlight: last(columns.in_flight), waiting: last(columns.waiting), oldest: last(columns.oldest_waiting_ms),
  };
}

const isFailing = (lane) => lane.unsuccessful > 0 && lane.unsuccessful >= lane.sent;

/** One sentence for somebody who has ten seconds. */
function judge(now, recent) {
  const failing = now.lanes.filter(isFailing);
  const paused = now.lanes.filter((lane) => lane.paused && lane.waiting > 0);
  const stopped = now.lanes.filter((lane) => lane.paused_because);
  const troubles = [
    failing.length > 0 && `${plural(failing.length, "lane fails", "lanes fail")} at least every other attempt`,
    paused.length > 0 && `${plural(paused.length, "lane is", "lanes are")} paused with work waiting`,
    stopped.length > 0 && `${plural(stopped.length, "receiver", "receivers")} said stop`,
    now.limiting_hosts.length > 0 && `${plural(now.limiting_hosts.length, "receiver holds", "receivers hold")} back`,
    recent.oldest > 30_000 && `the oldest job has waited for ${duration(recent.oldest)}`,
  ].filter(Boolean);
  if (!now.ready) return { tone: "bad", title: "Deliveries stand still", text: `${now.reason}.` };
  if (troubles.length > 0) {
    const title = recent.perSecond > 0 ? "Deliveries flow, but not everywhere" : "Deliveries need a look";
    return { tone: "warn", title, text: `${troubles.join("; ")}.` };
  }
  if (recent.attempts === 0 && recent.waiting === 0) return { tone: "idle", title: "Nothing to deliver", text: "The gateway is ready and its queue is empty." };
  return { tone: "good", title: "Deliveries flow", text: `${count(recent.attempts)} attempts in the last minute, ${percent(recent.share)} successful.` };
}

const ALERTS = { lane_paused: "is paused", lane_failing: "fails", backlog_old: "is behind", certificate_expiring: "needs a new certificate" };
const LANES = new Set(["lane_paused", "lane_failing", "backlog_old"]);

/** What is wrong for long: also told to reporting webhooks. */
const Alerts = ({ list }) => list.length > 0 && html`<section class="panel alerts" aria-label="Alerts"><ul>
  ${list.slice(0, 20).map((one) => html`<li key=${one.kind + one.subject}><a href=${LANES.has(one.kind) ? `#/actions/${one.subject}` : "#/connections"}><strong><${Text} value=${one.subject} /></strong></a>
    ${" "}${ALERTS[one.kind]}, <${Text} value=${one.reason} />, <span class="quiet">since <${Time} at=${one.since} /></span>
    ${one.kind === "lane_paused" && html` <${Act} tone="small" work=${() => post(`/v1/actions/${one.subject}/resume`)}>Resume<//>`}</li>`)}
</ul></section>`;

function Verdict({ now, recent }) {
  const { tone, title, text } = judge(now, recent);
  return html`<section class="verdict ${tone}" aria-live="polite"><strong>${title}</strong><span>${text}</span></section>`;
}

function Figures({ now, recent }) {
  const later = now.lanes.reduce((all, lane) => all + lane.waiting - lane.due, 0);
  return html`<dl class="figures">
    <${Figure} name="Delivered" value=${rate(recent.perSecond)} unit="/s" note="mean of 10 s" />
    <${Figure} name="Success" value=${percent(recent.share)} note=${recent.unsuccessful ? plural(recent.unsuccessful, "failed attempt") : "of the last minute"} tone=${recent.share !== null && recent.share < 0.9 ? "bad" : ""} />
    <${Figure} name="Answer time p99" value=${duration(recent.p99)} note=${`p50 ${duration(recent.p50)} · p95 ${duration(recent.p95)}`} />
    <${Figure} name="In flight" value=${count(recent.inFlight)} note="attempts now" />
    <${Figure} name="Waiting" value=${count(recent.waiting)} note=${later ? `and ${count(later)} due later` : "due and not in flight"} />
    <${Figure} name="Oldest waiting" value=${recent.oldest ? duration(recent.oldest) : "none"} note="paused lanes left out" tone=${recent.oldest > 30_000 ? "bad" : ""} />
  </dl>`;
}

const Figure = ({ name, value, unit = "", note, tone = "" }) => html`<div class="figure ${tone}">
  <dt>${name}</dt><dd>${value}<span class="unit">${unit}</span></dd><dd class="note">${note}</dd>
</div>`;

const PERCENTILES = [["p50", "p50"], ["p95", "p95"], ["p99", "p99"]];
const percentiles = (name) => PERCENTILES.map(([label, p]) => ({ label, column: `${name}_${p}`, colour: p, show: duration }));

function Charts({ columns }) {
  return html`<section class="charts" aria-label="The last 15 minutes">
    <${Chart} title="Attempts per second" columns=${columns} lines=${[
      { label: "delivered", column: "delivered", colour: "good", show: count, fill: true },
      { label: "to be retried", column: "retried", colour: "warn", show: count },
      { label: "failed", column: "failed", colour: "bad", show: count },
    ]} />
    <${Chart} title="Receivers' answer time" columns=${columns} lines=${percentiles("answer")} />
    <${Chart} title="From enqueued to answered" columns=${columns} lines=${percentiles("arrival")} />
    <${Chart} title="In the queue" columns=${columns} lines=${[
      { label: "waiting", column: "waiting", colour: "hold", show: count, fill: true },
      { label: "in flight", column: "in_flight", colour: "busy", show: count },
    ]} />
  </section>`;
}

const share = (lane) => (lane.sent + lane.unsuccessful ? lane.sent / (lane.sent + lane.unsuccessful) : null);

/** Each order puts what hurts first. */
const ORDERS = {
  "what hurts": null,
  failing: (a, b) => (share(a) ?? 2) - (share(b) ?? 2) || b.unsuccessful - a.unsuccessful,
  slow: (a, b) => (b.mean_ms ?? -1) - (a.mean_ms ?? -1),
  paused: (a, b) => b.paused - a.paused || b.waiting - a.waiting,
  deepest: (a, b) => b.waiting - a.waiting,
  busiest: (a, b) => b.sent + b.unsuccessful - a.sent - a.unsuccessful,
  name: (a, b) => a.name.localeCompare(b.name),
};

function Lanes({ now }) {
  const order = useSignal("what hurts");
  const rows = ORDERS[order.value] ? [...now.lanes].sort(ORDERS[order.value]) : now.lanes;
  return html`<section class="panel">
    <div class="panel-head"><h2>Lanes</h2>
      <label class="inline">Order by <select value=${order.value} onChange=${(event) => (order.value = event.target.value)}>
        ${Object.keys(ORDERS).map((name) => html`<option>${name}</option>`)}</select></label></div>
    ${rows.length === 0
      ? html`<${Empty} title="No lane has work.">Each action queues in a lane of its own. <a href="#/actions">Compose an action</a>, then enqueue a job for it.<//>`
      : html`<div class="scroll"><table class="lanes"><thead><tr>
          <th>Lane</th><th>State</th><th class="n">Waiting</th><th class="n">In flight</th><th class="n">First due</th>
          <th class="n">Attempts/min</th><th class="n">Success</th><th class="n">Answer</th><th>15 min</th><th><span class="hidden">Pause or resume</span></th>
        </tr></thead><tbody>${rows.map((lane) => html`<${Lane} key=${lane.name} lane=${lane} />`)}</tbody></table></div>`}
    ${now.lanes_total > now.lanes.length && html`<p class="quiet">Shown are the ${now.lanes.length} of ${count(now.lanes_total)} lanes that hurt most.</p>`}
  </section>`;
}

function standing(lane) {
  if (lane.paused) return html`<${State} name="paused" />`;
  if (isFailing(lane)) return html`<${State} name="failing" tone="bad" />`;
  if (lane.mean_ms > 2000) return html`<${State} name="slow" tone="warn" />`;
  if (lane.in_flight + lane.due > 0 || lane.sent > 0) return html`<${State} name="flows" tone="good" />`;
  return html`<${State} name=${lane.waiting > 0 ? "waits" : "quiet"} tone="quiet" />`;
}

const Lane = ({ lane }) => html`<tr>
  <td class="name"><a href="#/actions/${lane.name}"><${Text} value=${lane.name} /></a></td>
  <td>${standing(lane)}${lane.paused_because && html`<div class="hint"><${Text} value=${lane.paused_because} /></div>`}</td>
  <td class="n">${count(lane.waiting)}</td>
  <td class="n">${count(lane.in_flight)}</td>
  <td class="n"><${Time} at=${lane.oldest_due_at} /></td>
  <td class="n">${count(lane.sent + lane.unsuccessful)}</td>
  <td class="n">${percent(share(lane))}</td>
  <td class="n">${duration(lane.mean_ms)}</td>
  <td><${Spark} good=${lane.sent_steps} bad=${lane.unsuccessful_steps} /></td>
  <td class="end"><${Pause} id=${lane.name} paused=${lane.paused} /></td>
</tr>`;

function Schedule({ schedule }) {
  return html`<section class="panel">
    <div class="panel-head"><h2>Due in the next three hours</h2>
      ${schedule && html`<span class="quiet">${count(schedule.minutes.reduce((a, b) => a + b, 0))} jobs${schedule.later > 0 && `, ${count(schedule.later)} later`}</span>`}</div>
    ${schedule
      ? html`<${DueChart} schedule=${schedule} />${schedule.overdue > 0 && html`<p class="quiet">${count(schedule.overdue)} more are due already.</p>`}`
      : html`<${Loading} />`}
  </section>`;
}

function Hosts({ hosts }) {
  return html`<section class="panel">
    <div class="panel-head"><h2>Receivers that hold back</h2><a href="#/hosts">All hosts</a></div>
    ${hosts.length === 0
      ? html`<${Empty} title="No receiver is at its limit.">A host that answers slowly fills its share of attempts in flight and shows here; others are not slowed.<//>`
      : html`<table><thead><tr><th>Host</th><th class="n">In flight</th><th class="n">Limit</th></tr></thead>
        <tbody>${hosts.map((host) => html`<tr key=${host.host}><td><a href=${host.host.includes("*") ? "#/hosts" : `#/hosts/${host.host}`}><${Text} value=${host.host} /></a></td><td class="n">${count(host.in_flight)}</td><td class="n">${count(host.limit)}</td></tr>`)}</tbody></table>`}
  </section>`;
}
