// Actions: how each is doing, the composer, and what changed between versions.
import { html, useSignal } from "./vendor/ui.js";
import { Listing, useList } from "./data.js";
import { Pause } from "./buttons.js";
import { state } from "./live.js";
import { count, duration, percent } from "./format.js";
import { Spark } from "./charts.js";
import { Composer } from "./composer.js";
import { Gallery } from "./gallery.js";
import { Empty, Heading, State, Text, Time } from "./parts.js";
import { Versions } from "./versions.js";

export default function Actions({ path: [id, part] }) {
  if (id === undefined) return html`<${List} />`;
  if (id === "+" && part === "recipes") return html`<${Gallery} />`;
  if (part === "versions") return html`<${Versions} id=${id} />`;
  return html`<${Composer} key=${id} id=${id} />`;
}

/** Where an action sends to, as far as that is known without data. */
const target = (url) => /^[a-z]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url;

function List() {
  const list = useList("/v1/actions", {}, "actions");
  const filter = useSignal("");
  const lanes = Object.fromEntries((state.value?.lanes ?? []).map((lane) => [lane.name, lane]));
  const wanted = filter.value.toLowerCase();
  const rows = (list.rows ?? []).filter((row) => `${row.id} ${row.name} ${row.url}`.toLowerCase().includes(wanted));
  return html`<${Heading} title="Actions">
      ${list.rows?.length > 5 && html`<input type="search" aria-label="Filter actions" placeholder="Filter" value=${filter.value} onInput=${(event) => (filter.value = event.target.value)} />`}
      <a class="button" href="#/actions/+/recipes">From a recipe</a>
      <a class="button primary" href="#/actions/+">New action</a>
    <//>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No actions yet.">
        An action says what is sent where. <a href="#/actions/+">Compose the first one</a>, begin with <a href="#/actions/+/recipes">a recipe</a>, or run <code>scripts/demo</code> for two dozen examples.<//>`}>
      <div class="scroll"><table><thead><tr>
        <th>Action</th><th>Sending</th><th>Sends to</th><th class="n">Waiting</th><th class="n">Success</th><th class="n">Answer</th><th>15 min</th>
        <th class="n">Version</th><th class="n">Changed</th><th><span class="hidden">Pause or resume</span></th>
      </tr></thead><tbody>${rows.map((row) => html`<${Row} key=${row.id} row=${row} lane=${lanes[row.id]} />`)}</tbody></table></div>
    <//></section>`;
}

function Row({ row, lane }) {
  const attempts = lane ? lane.sent + lane.unsuccessful : 0;
  return html`<tr>
    <td class="name"><a href="#/actions/${row.id}"><${Text} value=${row.name || row.id} /></a>${row.name && html`<div class="hint"><${Text} value=${row.id} /></div>`}</td>
    <td><${State} name=${lane?.paused ? "paused" : row.sending} /></td>
    <td class="wide"><span class="quiet">${row.method}</span> <${Text} value=${target(row.url)} /></td>
    <td class="n">${count(lane?.waiting ?? 0)}</td>
    <td class="n">${percent(attempts ? lane.sent / attempts : null)}</td>
    <td class="n">${duration(lane?.mean_ms)}</td>
    <td><${Spark} good=${lane?.sent_steps ?? []} bad=${lane?.unsuccessful_steps ?? []} /></td>
    <td class="n"><a href="#/actions/${row.id}/versions">${row.version}</a></td>
    <td class="n"><${Time} at=${row.updated_at} /></td>
    <td class="end"><${Pause} id=${row.id} paused=${lane?.paused} /></td>
  </tr>`;
}
