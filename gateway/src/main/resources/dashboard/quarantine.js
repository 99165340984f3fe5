// Inbox entries that were no jobs: why, and what stood in them.
import { html } from "./vendor/ui.js";
import { Listing, useList } from "./data.js";
import { Remove, tell } from "./buttons.js";
import { Copy, Empty, Heading, Text, Time } from "./parts.js";

export default function Quarantine() {
  const list = useList("/v1/quarantine", {}, "quarantine");
  return html`<${Heading} title="Quarantine"><button type="button" onClick=${list.reload}>Reload</button><//>
    <p class="quiet">Entries that a producer wrote and that are no jobs. They stop nothing; mend the producer, enqueue again, then forget them here.</p>
    <${Listing} list=${list} empty=${html`<section class="panel"><${Empty} title="Nothing is quarantined.">Every entry of the inbox was a job.<//></section>`}>
      ${list.rows?.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} gone=${() => list.drop((row) => row.id === entry.id)} />`)}
    <//>`;
}

function Entry({ entry, gone }) {
  const pairs = [];
  for (let i = 0; i < entry.fields.length; i += 2) pairs.push([entry.fields[i], entry.fields[i + 1]]);
  return html`<section class="panel">
    <div class="panel-head"><div><strong><${Text} value=${entry.reason} /></strong>
      <p class="quiet">Entry <code>${entry.entry}</code>, <${Time} at=${Number(entry.entry.split("-")[0])} /></p></div>
      <div class="actions"><${Copy} value=${JSON.stringify(Object.fromEntries(pairs))} label="Copy fields" /><${Remove} path=${`/v1/quarantine/${entry.id}`} label="Forget" tone="small danger" title="Forget this entry?" text="Its fields are gone for good." verb="Forget it" gone=${() => (tell("Forgotten."), gone())} /></div></div>
    <dl class="headers">${pairs.map(([name, value]) => html`<div><dt><${Text} value=${name} /></dt><dd><${Text} value=${value} /></dd></div>`)}</dl>
  </section>`;
}
