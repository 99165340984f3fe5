// Snippets: pieces of Liquid that templates print by name.
import { html, useSignal } from "./vendor/ui.js";
import { put } from "./api.js";
import { Listing, useList, useThing } from "./data.js";
import { Act, Remove, tell } from "./buttons.js";
import { Editor } from "./editor.js";
import { Empty, Field, Heading, Problems, Text, Time, Trouble } from "./parts.js";

export default function Snippets({ path: [name] }) {
  if (name === undefined) return html`<${List} />`;
  return name === "+" ? html`<${Form} name="" text="" />` : html`<${Edit} key=${name} name=${name} />`;
}

function List() {
  const list = useList("/v1/snippets", {}, "snippets");
  return html`<${Heading} title="Snippets"><a class="button primary" href="#/snippets/+">New snippet</a><//>
    <p class="quiet">Templates print them as <code>{{ snippets.name }}</code>.</p>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No snippets yet.">What several actions share, such as an address or a signature, is written once here. <a href="#/snippets/+">Write the first one</a>.<//>`}>
      <div class="scroll"><table><thead><tr><th>Name</th><th>Text</th><th class="n">Changed</th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<tr key=${row.name}><td class="name"><a href="#/snippets/${row.name}"><${Text} value=${row.name} /></a></td>
        <td class="wide"><code><${Text} value=${row.value.slice(0, 120)} /></code></td><td class="n"><${Time} at=${row.updated_at} /></td></tr>`)}</tbody></table></div>
    <//></section>`;
}

function Edit({ name }) {
  const stored = useThing(`/v1/snippets/${encodeURIComponent(name)}`);
  if (!stored.value) return html`<${Heading} title=${name} back=${BACK} /><${Trouble} refusal=${stored.refusal} again=${stored.again} />`;
  return html`<${Form} name=${name} text=${stored.value.value} />`;
}

const BACK = { href: "#/snippets", label: "All snippets" };

function Form({ name, text }) {
  const value = useSignal(text);
  const refusal = useSignal(null);
  const given = useSignal(name);
  const save = async () => {
    try {
      await put(`/v1/snippets/${encodeURIComponent(given.value.trim())}`, { value: value.value });
      refusal.value = null;
      tell("Saved. Actions use it from now on.");
      location.hash = `#/snippets/${given.value.trim()}`;
    } catch (refused) {
      refusal.value = refused;
    }
  };
  const problems = refusal.value?.errors ?? [];
  return html`<${Heading} title=${name || "New snippet"} back=${BACK}>
      ${name && html`<${Remove} path=${`/v1/snippets/${name}`} title="Delete the snippet ${name}?" text="Deliveries whose templates print it fail until it is written again."
        verb="Delete snippet" gone=${() => (location.hash = "#/snippets")} />`}<${Act} work=${save} tone="primary" disabled=${!given.value.trim()}>Save<//><//>
    <section class="panel form wide">
      ${!name && html`<${Field} label="Name"><input value=${given.value} placeholder="postal_address" onInput=${(event) => (given.value = event.target.value)} /><//>`}
      <div class="field"><span class="label" aria-hidden="true">Text</span><${Editor} label="Text" rows=${8} value=${value.value} problems=${problems} onChange=${(next) => (value.value = next)} /></div>
      ${problems.length > 0 ? html`<${Problems} list=${problems} tone="bad" />` : html`<${Trouble} refusal=${refusal.value} />`}
    </section>`;
}
