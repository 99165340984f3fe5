// Receivers' hosts: what may be in flight to each, how it answers, what is wrong with it, and what its certificate says.
import { html, useEffect } from "./vendor/ui.js";
import { withQuery } from "./api.js";
import { useThing } from "./data.js";
import { count, duration, exactTime, percent, plural } from "./format.js";
import { Copy, Empty, Field, Heading, Loading, State, Text, Time, Trouble, Typed } from "./parts.js";

const EVERY_MS = 5_000;
const SOON_MS = 14 * 86_400_000;
const MOST = 200;
const SORTS = { trouble: "what hurts", traffic: "busiest", name: "name" };

/** What slows a host's deliveries, in a word and in a sentence. */
const TROUBLES = {
  silent: ["does not answer", "bad", "Attempts get no answer. A few go on as probes; it gets its places back as it answers."],
  reduced: ["held back", "warn", "It asked for less or did not answer, and has not got all its places back."],
  full: ["at its limit", "busy", "As many attempts are in flight as it may have now; others wait for a place."],
};

export default function Hosts({ path: [name], query }) {
  return name === undefined ? html`<${List} ...${query} />` : html`<${One} key=${name} name=${name} />`;
}

/** What is fetched again every few seconds while it is shown. */
function useNow(path) {
  const thing = useThing(path);
  useEffect(() => {
    const timer = setInterval(thing.again, EVERY_MS);
    return () => clearInterval(timer);
  }, [path]);
  return thing;
}

const failing = (host) => host.failed > 0 && 2 * host.failed >= host.attempts;
const ends = (at, now) => at !== null && at - now < SOON_MS;

function Standing({ host, now }) {
  const [word, tone] = TROUBLES[host.trouble] ?? [];
  const expired = host.certificate_expires_at !== null && host.certificate_expires_at < now;
  return html`<span class="row tight">
    ${word && html`<${State} name=${word} tone=${tone} />`}
    ${failing(host) && host.trouble !== "silent" && html`<${State} name="failing" tone="bad" />`}
    ${ends(host.certificate_expires_at, now) && html`<${State} name=${expired ? "certificate ended" : "certificate ends"} tone=${expired ? "bad" : "warn"} />`}
    ${!word && !failing(host) && !ends(host.certificate_expires_at, now) && (host.attempts > 0 ? html`<${State} name="answers" tone="good" />` : html`<${State} name="quiet" />`)}</span>`;
}

/** A host that holds a secret has no page: nobody shall spell it out. */
const Name = ({ host }) => (host.includes("*") ? html`<${Text} value=${host} />` : html`<a href="#/hosts/${host}"><${Text} value=${host} /></a>`);

function List({ sort = "trouble", q = "" }) {
  const { value, refusal, again } = useNow(withQuery("/v1/hosts", { sort, q, limit: MOST }));
  const go = (change) => (location.hash = withQuery("#/hosts", { sort, q, ...change }));
  return html`<${Heading} title="Hosts" />
    <div class="filters">
      <${Field} label="Host" grow><${Typed} type="search" value=${q} placeholder="a part of its name" change=${(event) => go({ q: event.target.value.trim() })} /><//>
      <${Field} label="Order by"><select value=${sort} onChange=${(event) => go({ sort: event.target.value })}>
        ${Object.entries(SORTS).map(([name, label]) => html`<option value=${name} selected=${name === sort}>${label}</option>`)}</select><//>
    </div>
    ${refusal && html`<${Trouble} refusal=${refusal} again=${again} />`}
    ${value ? html`<${Table} value=${value} searched=${q} />` : !refusal && html`<${Loading} />`}`;
}

const Table = ({ value, searched }) => html`<section class="panel">
  ${value.hosts.length === 0
    ? html`<${Empty} title=${searched ? "No host is called like this." : "Nothing was sent lately."}>Hosts show here from the first attempt until ten minutes after the last.<//>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Hosts"><table><thead><tr>
        <th>Host</th><th>State</th><th class="n">In flight / limit</th><th class="n">Attempts</th><th class="n">Success</th>
        <th class="n">p50</th><th class="n">p99</th><th>Last error</th><th class="n">Certificate ends</th></tr></thead>
      <tbody>${value.hosts.map((host) => html`<tr key=${host.host}>
        <td class="name"><${Name} host=${host.host} /></td>
        <td><${Standing} host=${host} now=${value.at} />${host.since && html`<div class="hint">since <${Time} at=${host.since} /></div>`}</td>
        <td class="n">${count(host.in_flight)} / ${count(host.limit)}${host.waiting > 0 && html`<div class="hint">${count(host.waiting)} wait</div>`}</td>
        <td class="n">${count(host.attempts)}</td>
        <td class="n">${percent(host.attempts ? 1 - host.failed / host.attempts : null)}</td>
        <td class="n">${duration(host.p50_ms)}</td><td class="n">${duration(host.p99_ms)}</td>
        <td class="wide">${host.last_error && html`<${Text} value=${host.last_error.reason} /><div class="hint"><${Time} at=${host.last_error.at} /></div>`}</td>
        <td class="n"><${Time} at=${host.certificate_expires_at} /></td></tr>`)}</tbody></table></div>
      ${value.total > value.hosts.length && html`<p class="quiet">Shown are ${count(value.hosts.length)} of ${count(value.total)}; a part of the name finds the others.</p>`}`}
  <p class="hint"><${Whose} value=${value} /></p>
</section>`;

/** Whose view it is. */
function Whose({ value: { gateway, gateways, heard, window_ms: window } }) {
  const others = heard.filter((name) => name !== gateway);
  const unheard = gateways.filter((name) => !heard.includes(name));
  return html`Attempts are those of the last ${duration(window)}. Told by <${Text} value=${gateway} />
    ${others.length > 0 && html`, with what ${plural(others.length, "other gateway tells", "other gateways tell")} of the hosts that need somebody most: <${Text} value=${others.join(", ")} />`}
    ${unheard.length > 0 && html`. Nothing was told by <${Text} value=${unheard.join(", ")} />`}.`;
}

const BACK = { href: "#/hosts", label: "All hosts" };

function One({ name }) {
  const { value, refusal, again } = useNow(`/v1/hosts/${name}`);
  return html`<${Heading} title=${name} back=${BACK}><a class="button" href=${withQuery("#/deliveries", { host: name.replace(/:\d+$/, "") })}>Its deliveries</a><//>
    ${refusal ? html`<${Trouble} refusal=${refusal} again=${again} />` : value ? html`<${Shown} host=${value} />` : html`<${Loading} />`}`;
}

function Shown({ host }) {
  const views = host.by_gateway;
  const shown = views.map((view) => view.certificate).filter(Boolean).sort((a, b) => b.seen_at - a.seen_at)[0];
  return html`<${Verdict} host=${host} />
    <dl class="figures">
      <${Figure} name="In flight" value=${count(host.in_flight)} note="of ${plural(host.limit, "place")} now" />
      <${Figure} name="Attempts" value=${count(host.attempts)} note="in the last ${duration(host.window_ms)}" />
      <${Figure} name="Success" value=${percent(host.attempts ? 1 - host.failed / host.attempts : null)} note=${host.failed ? plural(host.failed, "failed attempt") : "of these"} tone=${failing(host) ? "bad" : ""} />
      <${Figure} name="Answer time p99" value=${duration(host.p99_ms)} note=${`p50 ${duration(host.p50_ms)} · p95 ${duration(host.p95_ms)}`} />
      <${Figure} name="Connections" value=${count(views.reduce((all, view) => all + view.connections + view.idle, 0))} note=${host.waiting ? `${count(host.waiting)} requests wait for one` : `${count(host.connections)} with a request`} />
    </dl>
    <div class="halves"><${Errors} host=${host} /><${Certificate} shown=${shown} now=${host.at} /></div>
    <${Views} host=${host} />
    <p class="hint"><${Whose} value=${host} /></p>`;
}

function Verdict({ host }) {
  const [word, tone, text] = TROUBLES[host.trouble] ?? (failing(host)
    ? ["fails", "bad", "It answers, and at least every other attempt fails."]
    : host.attempts > 0 ? ["answers", "good", "Nothing holds its deliveries back."] : ["quiet", "idle", "Nothing was sent to it lately."]);
  return html`<section class="verdict ${tone}" aria-live="polite"><strong>${word[0].toUpperCase() + word.slice(1)}</strong>
    <span>${text}${host.since && html` So since <${Time} at=${host.since} />.`}${host.last_error && html` Last error: <${Text} value=${host.last_error.reason} />, <${Time} at=${host.last_error.at} />.`}</span></section>`;
}

const Figure = ({ name, value, note, tone = "" }) => html`<div class="figure ${tone}"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;

const Errors = ({ host }) => html`<section class="panel"><h2>Errors</h2>
  ${host.errors.length === 0
    ? html`<p class="quiet">None in the last ${duration(host.window_ms)}.</p>`
    : html`<table><thead><tr><th>Reason</th><th class="n">Attempts</th></tr></thead>
      <tbody>${host.errors.map((error) => html`<tr key=${error.reason}><td><${Text} value=${error.reason} /></td><td class="n">${count(error.count)}</td></tr>`)}</tbody></table>`}
</section>`;

const Certificate = ({ shown, now }) => html`<section class="panel"><h2>Its certificate</h2>
  ${shown
    ? html`<dl class="facts">
      <div><dt>Subject</dt><dd><${Text} value=${shown.subject} /></dd></div>
      <div><dt>Issuer</dt><dd><${Text} value=${shown.issuer} /></dd></div>
      <div><dt>Ends</dt><dd class=${ends(shown.expires_at, now) ? "ending" : ""}><${Time} at=${shown.expires_at} />, ${exactTime(shown.expires_at)}</dd></div>
      <div><dt>For</dt><dd><${Text} value=${shown.names.join(", ") || "no names"} />${shown.more_names > 0 && `, and ${shown.more_names} more`}</dd></div>
      <div><dt>Seen</dt><dd><${Time} at=${shown.seen_at} /></dd></div>
      <div><dt>SHA-256</dt><dd><code>${shown.sha256.slice(0, 16)}…</code> <${Copy} value=${shown.sha256} /></dd></div></dl>`
    : html`<p class="quiet">No server showed one yet: it is taken when a connection is made over TLS.</p>`}
</section>`;

const Views = ({ host }) => html`<section class="panel"><h2>With each gateway</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="With each gateway"><table><thead><tr><th>Gateway</th><th>State</th><th class="n">In flight / limit</th><th class="n">Attempts</th><th class="n">Failed</th>
      <th class="n">p50</th><th class="n">p95</th><th class="n">p99</th><th class="n">Connections</th><th>Speaks</th><th>Dialled</th></tr></thead>
    <tbody>${host.by_gateway.map((view) => html`<tr key=${view.gateway}>
      <td class="name"><${Text} value=${view.gateway} />${view.gateway === host.gateway && html`<div class="hint">answers here</div>`}</td>
      <td>${TROUBLES[view.trouble] ? html`<${State} name=${TROUBLES[view.trouble][0]} tone=${TROUBLES[view.trouble][1]} />` : html`<${State} name=${view.attempts > 0 ? "answers" : "quiet"} tone=${view.attempts > 0 ? "good" : "quiet"} />`}</td>
      <td class="n">${count(view.in_flight)} / ${count(view.limit)}</td><td class="n">${count(view.attempts)}</td><td class="n">${count(view.failed)}</td>
      <td class="n">${duration(view.p50_ms)}</td><td class="n">${duration(view.p95_ms)}</td><td class="n">${duration(view.p99_ms)}</td>
      <td class="n">${count(view.connections)} busy, ${count(view.idle)} idle<div class="hint">${count(view.dials)} made${view.dial_failures > 0 && `, ${count(view.dial_failures)} could not be`}</div></td>
      <td>${view.protocol}</td>
      <td>${view.addresses.map((dialled) => html`<div key=${dialled.address}><code>${dialled.address}</code> <span class="hint"><${Time} at=${dialled.at} /></span></div>`)}</td></tr>`)}</tbody></table></div>
</section>`;
