// Signing keys: receivers check signatures with them. A key is shown once, when it is made.
import { html, useSignal } from "./vendor/ui.js";
import { post } from "./api.js";
import { Listing, useList } from "./data.js";
import { Act, Remove, confirm, tell } from "./buttons.js";
import { Copy, Empty, Heading, State, Time } from "./parts.js";

const KINDS = { action: "deliveries", reporting: "reporting webhooks" };

export default function Keys() {
  const list = useList("/v1/signing-keys", {}, "signing_keys");
  const made = useSignal(null);
  const rotate = (kind) => async () => {
    const yes = await confirm({ title: `Make a new key for ${KINDS[kind]}?`, text: "From now on both the new and the old key sign, until the old one's grace time ends. The new key is shown once.", verb: "Make new key", tone: "primary" });
    if (!yes) return;
    made.value = await post("/v1/signing-keys/rotate", { kind });
    list.reload();
  };
  return html`<${Heading} title="Signing keys">
      <${Act} work=${rotate("action")}>New key for deliveries<//><${Act} work=${rotate("reporting")}>New key for reports<//>
    <//>
    ${made.value && html`<section class="panel made" role="status"><h2>The new key, shown this once</h2>
      <p class="quiet">Give it to those who check signatures of ${KINDS[made.value.kind]}. It cannot be shown again.</p>
      <div class="row"><code class="once">${made.value.key}</code><${Copy} value=${made.value.key} label="Copy key" /><button type="button" class="small" onClick=${() => (made.value = null)}>Done</button></div></section>`}
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No keys.">The first one is made with the first start.<//>`}>
      <div class="scroll"><table><thead><tr><th>Key</th><th>Signs</th><th>State</th><th class="n">Created</th><th class="n">Signs until</th><th><span class="hidden">Revoke</span></th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<${Row} key=${row.id} row=${row} done=${list.reload} />`)}</tbody></table></div>
    <//></section>`;
}

function Row({ row, done }) {
  const gone = () => (tell(`${row.id} is revoked.`), done());
  return html`<tr><td class="name"><code>${row.id}</code></td><td>${KINDS[row.kind]}</td><td><${State} name=${row.state} tone=${row.state === "current" ? "good" : "hold"} /></td>
    <td class="n">${row.created_at ? html`<${Time} at=${row.created_at} />` : "as configured"}</td><td class="n"><${Time} at=${row.signs_until} /></td>
    <td class="end"><${Remove} path=${`/v1/signing-keys/${row.id}`} label="Revoke" tone="small danger" aria-label="Revoke ${row.id}" title="Revoke ${row.id}?"
      text="It stops signing at once. Receivers that only know this key refuse what comes." verb="Revoke key" gone=${gone} /></td></tr>`;
}
