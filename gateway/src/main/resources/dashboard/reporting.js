// Reporting webhooks: who hears of what happens to deliveries, and how far each has got.
import { html, useSignal } from "./vendor/ui.js";
import { post, put } from "./api.js";
import { Listing, useList, useThing } from "./data.js";
import { Act, Remove, tell } from "./buttons.js";
import { count, plural } from "./format.js";
import { Empty, Field, Heading, Loading, Problems, Reason, State, Status, Text, Time, Trouble } from "./parts.js";

const DELIVERIES = ["drafted", "attempted", "sent", "failed", "undeliverable"];
const METRICS = [...DELIVERIES, "lane_paused", "lane_failing", "lane_recovered", "backlog_old", "certificate_expiring"];

export default function Reporting({ path: [id] }) {
  if (id === undefined) return html`<${List} />`;
  return id === "+" ? html`<${Form} id="" webhook=${BLANK} />` : html`<${Edit} key=${id} id=${id} />`;
}

function List() {
  const list = useList("/v1/reporting-webhooks", {}, "reporting_webhooks");
  return html`<${Heading} title="Reporting webhooks"><a class="button primary" href="#/reporting/+">New webhook</a><//>
    <p class="quiet">Each is sent what happens to deliveries and lanes, in order, signed with the reporting key. One that does not take them waits alone.</p>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="Nobody is told yet."><a href="#/reporting/+">Name an address</a> that wants to hear of deliveries as they are sent, fail or wait.<//>`}>
      <div class="scroll"><table><thead><tr><th>Webhook</th><th>State</th><th>Address</th><th class="n">Behind by</th><th class="n">Told</th><th class="n">Lost</th><th>Last answer</th><th class="n">Next</th><th><span class="hidden">Resume</span></th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<${Row} key=${row.id} row=${row} done=${list.reload} />`)}</tbody></table></div>
    <//></section>`;
}

function standing({ enabled, status }) {
  if (!enabled) return html`<${State} name="off" />`;
  if (status.paused) return html`<${State} name="paused" />`;
  if (status.failures > 0) return html`<${State} name="retrying" />`;
  return html`<${State} name="flows" tone="good" />`;
}

function Row({ row, done }) {
  const { status } = row;
  const resume = async () => {
    await post(`/v1/reporting-webhooks/${row.id}/resume`);
    tell(`${row.id} is tried again now.`);
    done();
  };
  return html`<tr>
    <td class="name"><a href="#/reporting/${row.id}"><${Text} value=${row.id} /></a></td>
    <td>${standing(row)}</td>
    <td class="wide"><${Text} value=${row.url} /></td>
    <td class="n">${plural(status.lag, "event")}</td>
    <td class="n">${count(status.delivered)}</td>
    <td class="n">${count(status.lost + status.expired)}</td>
    <td>${status.last_attempt_at ? html`<${Status} code=${status.last_status} /> <span class="quiet"><${Reason} code=${status.last_status} text=${status.last_reason} /></span>` : html`<span class="quiet">not told yet</span>`}</td>
    <td class="n"><${Time} at=${status.next_attempt_at} /></td>
    <td class="end">${status.next_attempt_at > 0 && html`<${Act} work=${resume} tone="small" aria-label="Try ${row.id} now">Try now<//>`}</td>
  </tr>`;
}

const BACK = { href: "#/reporting", label: "All reporting webhooks" };
const BLANK = { url: "https://", metrics: DELIVERIES, with_content: false, enabled: true };

function Edit({ id }) {
  const stored = useThing(`/v1/reporting-webhooks/${encodeURIComponent(id)}`);
  if (stored.value) return html`<${Form} id=${id} webhook=${stored.value} />`;
  return html`<${Heading} title=${id} back=${BACK} />${stored.refusal ? html`<${Trouble} refusal=${stored.refusal} again=${stored.again} />` : html`<${Loading} />`}`;
}

function Form({ id, webhook }) {
  const edited = useSignal({ url: webhook.url, metrics: webhook.metrics, with_content: webhook.with_content, enabled: webhook.enabled });
  const name = useSignal(id);
  const refusal = useSignal(null);
  const warnings = useSignal(webhook.warnings ?? []);
  const change = (fields) => (edited.value = { ...edited.value, ...fields });
  const choose = (metric) => (event) => change({ metrics: METRICS.filter((one) => (one === metric ? event.target.checked : edited.value.metrics.includes(one))) });
  const save = async () => {
    try {
      const saved = await put(`/v1/reporting-webhooks/${encodeURIComponent(name.value.trim())}`, edited.value);
      refusal.value = null;
      warnings.value = saved.warnings;
      tell("Saved. It hears of what happens from now on.");
      location.hash = `#/reporting/${saved.id}`;
    } catch (refused) {
      refusal.value = refused;
    }
  };
  const { url, metrics, with_content, enabled } = edited.value;
  return html`<${Heading} title=${id || "New reporting webhook"} back=${BACK}>
      ${id && html`<${Remove} path=${`/v1/reporting-webhooks/${id}`} title="Delete ${id}?" text="It is told nothing more, and its position is forgotten." verb="Delete webhook" gone=${() => (location.hash = "#/reporting")} />`}<${Act} work=${save} tone="primary" disabled=${!name.value.trim()}>Save<//><//>
    <section class="panel"><div class="form">
      ${!id && html`<${Field} label="Id"><input value=${name.value} placeholder="warehouse" onInput=${(event) => (name.value = event.target.value)} /><//>`}
      <${Field} label="Address" hint="Fixed, no template. It may carry credentials; they are masked for those who may only look."><input class="mono" value=${url} onInput=${(event) => change({ url: event.target.value })} /><//>
      <fieldset><legend class="label">Told of</legend><div class="row">${METRICS.map((metric) => html`<label class="inline"><input type="checkbox" checked=${metrics.includes(metric)} onChange=${choose(metric)} />${metric}</label>`)}</div></fieldset>
      <label class="inline"><input type="checkbox" checked=${with_content} onChange=${(event) => change({ with_content: event.target.checked })} />With the body that was sent, up to 64 KiB</label>
      <label class="inline"><input type="checkbox" checked=${enabled} onChange=${(event) => change({ enabled: event.target.checked })} />Enabled; while it is not, nothing is kept for it</label>
      ${warnings.value.length > 0 && html`<${Problems} list=${warnings.value} tone="warn" />`}
      <${Trouble} refusal=${refusal.value} />
    </div></section>`;
}
