// The audit trail: who changed or decided what.
import { html } from "./vendor/ui.js";
import { Listing, useList } from "./data.js";
import { Empty, Heading, Text, Time } from "./parts.js";

export default function Audit() {
  const list = useList("/v1/audit", { limit: 100 }, "audit");
  return html`<${Heading} title="Changes" />
    <p class="quiet">Every change through the API, the newest first. Jobs that services enqueue are left out; what an action was stands in its versions.</p>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="Nothing was changed yet.">What people change or decide stands here.<//>`}>
      <div class="scroll" tabindex="0" role="region" aria-label="Changes"><table><thead><tr><th class="n">When</th><th>Who</th><th>From</th><th>What</th><th class="n">Version</th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<tr key=${row.request_id}><td class="n"><${Time} at=${row.at} /></td><td><${Text} value=${row.who} /></td><td><${Text} value=${row.from} /></td>
        <td class="wide"><span class="quiet">${row.method}</span> <${What} path=${row.path} /></td><td class="n">${row.version === null ? "" : row.version}</td></tr>`)}</tbody></table></div>
    <//></section>`;
}

/** Of an action, the way to its versions. */
function What({ path }) {
  const action = /^\/v1\/actions\/([^/]+)$/.exec(path)?.[1];
  const name = html`<code><${Text} value=${path} /></code>`;
  return action ? html`<a href="#/actions/${action}/versions">${name}</a>` : name;
}
