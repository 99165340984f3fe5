// Snippets: pieces of Liquid that templates print by name.
import { html, useSignal } from "./vendor/ui.js";
import { put, remove } from "./api.js";
import { Act, Empty, Field, Heading, Listing, Problems, Text, Time, Trouble, confirm, tell, useList, useThing } from "./parts.js";
import { Editor } from "./editor.js";

export default ({ path: [name] }) => (name === undefined ? html`<${List} />` : html`<${Edit} key=${name} name=${name} />`);

function List() {
  const list = useList("/v1/snippets", {}, "snippets");
  return html`<${Heading} title="Snippets"><a class="button primary" href="#/snippets/new">New snippet</a><//>
    <p class="quiet">Templates print them as <code>{{ snippets.name }}</code>.</p>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No snippets yet.">What several actions share, such as an address or a signature, is written once here. <a href="#/snippets/new">Write the first one</a>.<//>`}>
      <div class="scroll"><table><thead><tr><th>Name</th><th>Text</th><th class="n">Changed</th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<tr key=${row.name}><td class="name"><a href="#/snippets/${row.name}"><${Text} value=${row.name} /></a></td>
        <td class="wide"><code><${Text} value=${row.value.slice(0, 120)} /></code></td><td class="n"><${Time} at=${row.updated_at} /></td></tr>`)}</tbody></table></div>
    <//></section>`;
}

function Edit({ name }) {
  const isNew = name === "new";
  const stored = useThing(isNew ? "/v1/snippets" : `/v1/snippets/${encodeURIComponent(name)}`);
  if (!isNew && !stored.value) return html`<${Heading} title=${name} back=${BACK} /><${Trouble} refusal=${stored.refusal} again=${stored.again} />`;
  return html`<${Form} name=${isNew ? "" : name} text=${isNew ? "" : stored.value.value} />`;
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
  const drop = async () => {
    if (!(await confirm({ title: `Delete the snippet ${name}?`, text: "Deliveries whose templates print it fail until it is written again.", verb: "Delete snippet", keep: "Keep it" }))) return;
    await remove(`/v1/snippets/${name}`);
    location.hash = "#/snippets";
  };
  const problems = (refusal.value?.errors ?? []).map((one) => ({ ...one, severity: "error" }));
  return html`<${Heading} title=${name || "New snippet"} back=${BACK}>
      ${name && html`<${Act} work=${drop} tone="danger">Delete<//>`}<${Act} work=${save} tone="primary" disabled=${!given.value.trim()}>Save<//><//>
    <section class="panel form wide">
      ${!name && html`<${Field} label="Name"><input value=${given.value} placeholder="postal_address" onInput=${(event) => (given.value = event.target.value)} /><//>`}
      <div class="field"><span class="label" aria-hidden="true">Text</span><${Editor} label="Text" rows=${8} value=${value.value} problems=${problems} onChange=${(next) => (value.value = next)} /></div>
      ${problems.length > 0 ? html`<${Problems} list=${problems} tone="bad" />` : html`<${Trouble} refusal=${refusal.value} />`}
    </section>`;
}
