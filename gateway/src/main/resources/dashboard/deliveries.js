// What became of each delivery: a list to search, and the whole story of one.
import { html, useEffect, useSignal } from "./vendor/ui.js";
import { download, post, withQuery } from "./api.js";
import { Listing, useCourse, useList } from "./data.js";
import { Act, confirm, tell } from "./buttons.js";
import { count, duration, plural } from "./format.js";
import { Copy, Empty, Field, Heading, Loading, Reason, State, Status, Text, Time, Trouble, hasEnded } from "./parts.js";
import { Exchange, RequestView, ResponseView, curlOf } from "./request.js";

const STATES = ["queued", "sending", "retrying", "drafted", "sent", "failed", "aborted", "skipped", "cancelled"];
const SINCE = { "": "any time", "15m": "15 minutes", "1h": "1 hour", "24h": "24 hours", "7d": "7 days" };
const UNIT = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export default ({ path, query }) => (path[0] ? html`<${Story} key=${path[0]} id=${path[0]} />` : html`<${Search} query=${query} />`);

/** `15m` as the moment so long ago, to the minute so that the address stays the same. */
function moment(since) {
  const [, n, unit] = /^(\d+)([mhd])$/.exec(since ?? "") ?? [];
  return n ? Math.floor((Date.now() - n * UNIT[unit]) / 60_000) * 60_000 : "";
}

const TEXTS = ["action", "reason", "customer", "key", "host"];

const go = (query) => (location.hash = withQuery("#/deliveries", query));

function Search({ query }) {
  const { state: wanted = "", action = "", reason = "", since = "", customer = "", key = "", host = "" } = query;
  const change = (event) => {
    const given = Object.fromEntries(new FormData(event.currentTarget.form ?? event.currentTarget));
    if (given.id?.trim()) location.hash = `#/deliveries/${encodeURIComponent(given.id.trim())}`;
    else go({ state: given.state, since: given.since, ...Object.fromEntries(TEXTS.map((name) => [name, given[name].trim()])) });
  };
  return html`<${Found} query=${query}>
    <form class="panel" onSubmit=${(event) => (event.preventDefault(), change(event))}><div class="filters">
      <${Field} label="State"><select name="state" value=${wanted} onChange=${change}>
        <option value="">any</option>${STATES.map((name) => html`<option selected=${name === wanted}>${name}</option>`)}</select><//>
      <${Field} label="Action"><input name="action" value=${action} placeholder="any" onChange=${change} /><//>
      <${Field} label="Customer"><input name="customer" value=${customer} placeholder="their id" onChange=${change} /><//>
      <${Field} label="Idempotency key"><input name="key" value=${key} placeholder="any" onChange=${change} /><//>
      <${Field} label="Host"><input name="host" value=${host} placeholder="any" onChange=${change} /><//>
      <${Field} label="Reason"><input name="reason" value=${reason} placeholder="such as HTTP 404" onChange=${change} /><//>
      <${Field} label="Changed within"><select name="since" value=${since} onChange=${change}>
        ${Object.entries(SINCE).map(([value, label]) => html`<option value=${value} selected=${value === since}>${label}</option>`)}</select><//>
      <${Field} label="Delivery id" grow><input name="id" placeholder="opens its story" /><//>
      <button>Search</button>
    </div></form>
  <//>`;
}

/** What was found, under the form: a list that arrives must not draw the form anew, which would take what is being typed. */
function Found({ query, children }) {
  const { state: wanted = "", action = "", reason = "", since = "", customer = "", key = "", host = "" } = query;
  const search = { state: wanted, action, reason, since: moment(since), customer, key, host };
  const list = useList("/v1/deliveries", search, "deliveries");
  const chosen = useSignal(new Set());
  const filtered = wanted || since || TEXTS.some((name) => query[name]);
  return html`<${Heading} title="Deliveries"><${Export} search=${search} /><button type="button" onClick=${list.reload}>Reload</button><//>
    ${children}
    <section class="panel">
      ${wanted === "failed" && html`<div class="row">
        ${list.rows?.length > 0 && html`<${Resending} rows=${list.rows} chosen=${chosen} done=${list.reload} />`}
        <${ResendingAll} wanted=${{ action, reason, since: moment(since) }} done=${list.reload} />
      </div>`}
      <${Listing} list=${list} empty=${filtered
        ? html`<${Empty} title="No delivery fits."><a href="#/deliveries">Show all deliveries</a>. Sent ones are kept for a day, failed ones for a week, unless configured otherwise.<//>`
        : html`<${Empty} title="No deliveries yet.">Enqueue a job with one <code>XADD</code>, or <a href="#/actions">compose an action</a> and send a test.<//>`}>
        <div class="scroll"><table><thead><tr>
          ${wanted === "failed" && html`<th><span class="hidden">Choose</span></th>`}
          <th>Delivery</th><th>Action</th><th>State</th><th>Last answer</th><th class="n">Attempts</th><th class="n">Next attempt</th><th class="n">Changed</th>
        </tr></thead><tbody>
          ${list.rows?.map((row) => html`<${Row} key=${row.id} row=${row} chosen=${wanted === "failed" && chosen} />`)}
        </tbody></table></div>
      <//>
    </section>`;
}

/** All that fit the search as a file. */
const Export = ({ search }) => ["ndjson", "csv"].map((format) => html`<${Act} key=${format}
  work=${() => download(withQuery("/v1/deliveries", { ...search, format }), `deliveries.${format}`)}>${format.toUpperCase()}<//>`);

function Row({ row, chosen }) {
  const last = row.attempts[row.attempts.length - 1];
  const toggle = () => {
    const next = new Set(chosen.value);
    if (!next.delete(row.id)) next.add(row.id);
    chosen.value = next;
  };
  return html`<tr>
    ${chosen && html`<td><input type="checkbox" aria-label="Choose ${row.id}" checked=${chosen.value.has(row.id)} onChange=${toggle} /></td>`}
    <td class="name"><a href="#/deliveries/${row.id}"><${Text} value=${row.id} /></a></td>
    <td class="id"><a href="#/actions/${row.action ?? row.lane}"><${Text} value=${row.action ?? row.lane} /></a></td>
    <td><${State} name=${row.state} /></td>
    <td class="wide">${last && html`<${Status} code=${last.status} /> `}<span class="quiet"><${Reason} code=${last?.status} text=${row.reason} /></span></td>
    <td class="n">${count(row.attempts.length)}</td>
    <td class="n"><${Time} at=${row.next_attempt_at} /></td>
    <td class="n"><${Time} at=${row.updated_at} /></td>
  </tr>`;
}

/** Sends chosen failures again, one by one, and says how far it is. */
function Resending({ rows, chosen, done }) {
  const progress = useSignal(null);
  const ids = rows.map((row) => row.id).filter((id) => chosen.value.has(id));
  const all = ids.length === rows.length;
  const choose = () => (chosen.value = new Set(all ? [] : rows.map((row) => row.id)));
  const resend = async () => {
    const yes = await confirm({
      title: `Send ${plural(ids.length, "delivery", "deliveries")} again?`,
      text: "Each sends the same bytes under the same idempotency key, so receivers that remember keys do not act twice.",
      verb: "Send again", tone: "primary",
    });
    if (!yes) return;
    const refused = [];
    for (const [i, id] of ids.entries()) {
      progress.value = { done: i, of: ids.length };
      await post(`/v1/deliveries/${id}/resend`).catch((refusal) => refused.push(refusal));
    }
    progress.value = null;
    chosen.value = new Set();
    tell(`${plural(ids.length - refused.length, "delivery", "deliveries")} sent again.${refused.length ? ` ${refused.length} refused: ${refused[0].message}.` : ""}`, refused.length ? "bad" : "good");
    done();
  };
  return html`<button type="button" class="small" onClick=${choose}>${all ? "Choose none" : "Choose all shown"}</button>
    <${Act} work=${resend} tone="small primary" disabled=${ids.length === 0}>Send ${ids.length ? plural(ids.length, "delivery", "deliveries") : "chosen"} again<//>
    ${progress.value && html`<progress max=${progress.value.of} value=${progress.value.done} aria-label="Sending again"></progress><span class="quiet">${progress.value.done} of ${progress.value.of}</span>`}`;
}

/** Sends all failures that fit the search again: the gateway does it in the background, whether or not the page stays. */
function ResendingAll({ wanted, done }) {
  const started = useSignal(null);
  const start = async () => {
    const conditions = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));
    const { count: all } = await post("/v1/deliveries/resend", { ...conditions, dry_run: true });
    if (all === 0) return tell("No failed delivery fits.");
    const yes = await confirm({
      title: `Send ${plural(all, "failed delivery", "failed deliveries")} again?`,
      text: "The same bytes under the same idempotency keys, at most 100 a second. It goes on when you leave, and can be stopped.",
      verb: "Send all again", tone: "primary",
    });
    if (yes) started.value = (await post("/v1/deliveries/resend", conditions)).operation.id;
  };
  return html`<${Act} work=${start} tone="small">Send all that fit again<//>
    ${started.value && html`<${Operation} key=${started.value} id=${started.value} done=${done} />`}`;
}

function Operation({ id, done }) {
  const { value: operation, set } = useCourse(`/v1/operations/${id}`, (one) => one.state !== "running", 500);
  const running = operation?.state === "running";
  useEffect(() => {
    if (operation && !running) done();
  }, [running]);
  if (!operation) return null;
  const { count: all, done: sent } = operation;
  return html`<progress max=${Math.max(all, 1)} value=${sent} aria-label="Sending all again"></progress>
    <span class="quiet" role="status">${running ? `${count(sent)} of ${count(all)} sent again` : `${plural(sent, "delivery", "deliveries")} sent again, ${operation.state}`}</span>
    ${running && html`<${Act} work=${async () => set(await post(`/v1/operations/${id}/cancel`))} tone="small danger">Stop<//>`}`;
}

function Story({ id }) {
  const story = useCourse(`/v1/deliveries/${encodeURIComponent(id)}`, hasEnded);
  const delivery = story.value;
  const back = { href: "#/deliveries", label: "All deliveries" };
  if (!delivery) {
    return html`<${Heading} title=${id} back=${back} />
      ${story.refusal ? html`<${Trouble} refusal=${story.refusal} again=${story.again} />` : html`<${Loading} />`}`;
  }
  return html`<${Heading} title=${id} back=${back}><${Copy} value=${location.href} label="Copy link" /><${Deeds} delivery=${delivery} set=${story.set} /><//>
    <${Facts} delivery=${delivery} />
    <div class="halves story"><${Timeline} delivery=${delivery} /><${Sent} delivery=${delivery} /></div>`;
}

function Deeds({ delivery, set }) {
  const path = `/v1/deliveries/${encodeURIComponent(delivery.id)}`;
  const resend = async () => {
    set(await post(`${path}/resend`));
    tell("Sent again: the same bytes under the same key.");
  };
  const renew = async () => {
    const next = await post(`${path}/resend`, { with: "current" });
    tell("Enqueued anew with the current template.");
    location.hash = `#/deliveries/${next.id}`;
  };
  const cancel = async () => {
    const yes = await confirm({ title: "Cancel this delivery?", text: "What waits is not sent. An attempt in flight is ended when its answer comes.", verb: "Cancel delivery", keep: "Keep it" });
    if (yes) set(await post(`${path}/cancel`));
  };
  const resendable = delivery.state === "failed" || delivery.state === "sent";
  return html`
    ${resendable && html`<${Act} work=${resend} tone="primary">Send again<//>`}
    ${resendable && html`<${Act} work=${renew}>Send with current template<//>`}
    ${!hasEnded(delivery) && html`<${Act} work=${cancel} tone="danger">Cancel<//>`}`;
}

const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

function Facts({ delivery }) {
  return html`<dl class="panel facts">
    <${Fact} name="State"><${State} name=${delivery.state} /> <span class="quiet"><${Text} value=${delivery.reason} /></span><//>
    <${Fact} name="Action"><a href="#/actions/${delivery.action ?? delivery.lane}"><${Text} value=${delivery.action ?? `inline, lane ${delivery.lane}`} /></a><//>
    <${Fact} name="Enqueued"><${Time} at=${delivery.enqueued_at} /><//>
    <${Fact} name="Changed"><${Time} at=${delivery.updated_at} /><//>
    ${delivery.next_attempt_at && html`<${Fact} name="Next attempt"><${Time} at=${delivery.next_attempt_at} /><//>`}
    ${delivery.customer && html`<${Fact} name="Customer"><a href=${withQuery("#/deliveries", { customer: delivery.customer })}><${Text} value=${delivery.customer} /></a><//>`}
    ${delivery.host && html`<${Fact} name="Host"><a href=${withQuery("#/deliveries", { host: delivery.host })}><${Text} value=${delivery.host} /></a><//>`}
    ${delivery.order && html`<${Fact} name="Order"><code><${Text} value=${delivery.order} /></code><//>`}
    ${delivery.waits_behind && html`<${Fact} name="Waits behind"><a href="#/deliveries/${delivery.waits_behind}"><${Text} value=${delivery.waits_behind} /></a><//>`}
    ${delivery.by && html`<${Fact} name="Asked for by"><${Text} value=${delivery.by} /><//>`}
    <${Fact} name="Idempotency key"><code><${Text} value=${delivery.idempotency_key} /></code> <${Copy} value=${delivery.idempotency_key} /><//>
    ${delivery.attribute_update && html`<${Fact} name="Attributes of the person"><${Text} value=${delivery.attribute_update} /><//>`}
  </dl>`;
}

function Timeline({ delivery }) {
  return html`<section class="panel"><h2>Attempts</h2>
    ${delivery.attempts.length === 0
      ? html`<${Empty} title="No attempt yet.">${delivery.state === "drafted" ? html`It waits for a person: <a href="#/drafts">review drafts</a>.` : "What is sent, and what is answered, shows here."}<//>`
      : html`<ol class="timeline">${delivery.attempts.map((attempt) => html`<${Attempt} key=${attempt.number} attempt=${attempt} />`)}
        ${delivery.next_attempt_at && html`<li class="next"><div class="row"><strong>Next</strong><${Time} at=${delivery.next_attempt_at} /></div></li>`}</ol>`}
  </section>`;
}

const tone = (status) => (status >= 200 && status < 300 ? "good" : "bad");

const Attempt = ({ attempt }) => html`<li class=${tone(attempt.status)}>
  <div class="row"><strong>Attempt ${attempt.number}</strong><${Status} code=${attempt.status} />
    <span class="quiet">${duration(attempt.duration_ms)}</span><span class="quiet"><${Time} at=${attempt.at} /></span></div>
  ${attempt.reason && html`<p><${Reason} code=${attempt.status} text=${attempt.reason} /></p>`}
  ${attempt.exchange && html`<${Exchange} exchange=${attempt.exchange} whole=${attempt.duration_ms} />`}
  ${attempt.response && html`<${ResponseView} body=${attempt.response} />`}
</li>`;

function Sent({ delivery }) {
  return html`<section class="panel"><h2>Request as ${delivery.attempts.length ? "sent" : "rendered"}</h2>
    ${delivery.request
      ? html`<${RequestView} request=${delivery.request} /><div class="row"><${Copy} value=${curlOf(delivery.request)} label="Copy as curl" /></div>`
      : html`<${Empty} title="The request is not at hand.">A request is kept once it has to wait: for a retry, for a person, or after a failure.<//>`}
  </section>`;
}
