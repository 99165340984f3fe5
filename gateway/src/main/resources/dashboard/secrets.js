// Secrets: written here, used by templates, never read back.
import { html, useSignal } from "./vendor/ui.js";
import { put } from "./api.js";
import { Listing, useList } from "./data.js";
import { Remove, tell } from "./buttons.js";
import { hostsOf } from "./format.js";
import { Empty, Field, Heading, Text, Time, Trouble } from "./parts.js";

export default function Secrets() {
  const list = useList("/v1/secrets", {}, "secrets");
  return html`<${Heading} title="Secrets" />
    <p class="quiet">Templates use them as <code>{{ secrets.name }}</code>. A value is never shown again; write it anew to change it. Hosts narrow where it may go, whatever an action allows: <code>api.example.com, *.example.com</code>.</p>
    <${Write} done=${list.reload} />
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No secrets yet.">Put tokens and passwords here instead of into actions: they stay encrypted, and masked wherever they would show.<//>`}>
      <div class="scroll"><table><thead><tr><th>Name</th><th>Hosts</th><th class="n">Created</th><th class="n">Changed</th><th><span class="hidden">Delete</span></th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<${Row} key=${row.name} row=${row} done=${list.reload} />`)}</tbody></table></div>
    <//></section>`;
}

function Row({ row, done }) {
  const gone = () => (tell(`${row.name} is deleted.`), done());
  return html`<tr><td class="name"><code><${Text} value=${row.name} /></code></td><td><${Text} value=${row.hosts?.join(", ") ?? "those of the action"} /></td><td class="n"><${Time} at=${row.created_at} /></td><td class="n"><${Time} at=${row.updated_at} /></td>
    <td class="end"><${Remove} path=${`/v1/secrets/${row.name}`} tone="small danger" aria-label="Delete ${row.name}" title="Delete the secret ${row.name}?"
      text="Deliveries whose templates use it fail until it is written again." verb="Delete secret" gone=${gone} /></td></tr>`;
}

function Write({ done }) {
  const refusal = useSignal(null);
  const write = async (event) => {
    event.preventDefault();
    const form = event.target;
    const { name, value, hosts } = Object.fromEntries(new FormData(form));
    try {
      await put(`/v1/secrets/${encodeURIComponent(name.trim())}`, { value, hosts: hostsOf(hosts) });
      refusal.value = null;
      form.reset();
      tell(`${name.trim()} is stored.`);
      done();
    } catch (refused) {
      refusal.value = refused;
    }
  };
  return html`<form class="panel" onSubmit=${write}><div class="filters">
      <${Field} label="Name"><input name="name" required autocomplete="off" placeholder="zendesk" /><//>
      <${Field} label="Value" grow><input name="value" type="password" required autocomplete="new-password" /><//>
      <${Field} label="Only for hosts" grow><input name="hosts" class="mono" autocomplete="off" placeholder="kept as they are" /><//>
      <button class="primary">Store secret</button></div>
    <${Trouble} refusal=${refusal.value} /></form>`;
}
