// People and their attributes, one JSON object each. Numbers keep the digits they were written with.
import { html, useEffect, useSignal } from "./vendor/ui.js";
import { request } from "./api.js";
import { Act, Remove, tell } from "./buttons.js";
import { prettyJson } from "./format.js";
import { Editor } from "./editor.js";
import { Copy, Empty, Field, Heading, Loading, Problems, Trouble } from "./parts.js";

export default ({ path: [id] }) => (id === undefined ? html`<${Find} />` : html`<${Person} key=${id} id=${id} />`);

function Find() {
  const open = (event) => {
    event.preventDefault();
    const id = new FormData(event.target).get("id").trim();
    if (id) location.hash = `#/people/${encodeURIComponent(id)}`;
  };
  return html`<${Heading} title="People" />
    <form class="panel" onSubmit=${open}><div class="filters">
      <${Field} label="Person's id" grow><input name="id" required placeholder="1007" /><//><button class="primary">Open or create</button></div></form>
    <section class="panel"><${Empty} title="Look a person up by id.">Jobs that name a <code>customer_id</code> take their person from here, and what receivers answer can set attributes here.<//></section>`;
}

const BACK = { href: "#/people", label: "People" };

function Person({ id }) {
  const path = `/v1/people/${encodeURIComponent(id)}`;
  const text = useSignal(null);
  const stored = useSignal(false);
  const refusal = useSignal(null);
  const take = async (response) => {
    text.value = prettyJson(await response.text());
    stored.value = true;
  };
  const load = async () => {
    refusal.value = null;
    try {
      await take(await request("GET", path));
    } catch (refused) {
      if (refused.status === 404) text.value = "{\n  \n}";
      else refusal.value = refused;
    }
  };
  useEffect(() => void load(), []);
  const save = async () => {
    try {
      await take(await request("PUT", path, { body: text.value }));
      refusal.value = null;
      tell("Saved.");
    } catch (refused) {
      refusal.value = refused;
    }
  };
  const gone = () => (tell(`${id} is deleted.`), (location.hash = "#/people"));
  if (text.value === null) return html`<${Heading} title=${id} back=${BACK} />${refusal.value ? html`<${Trouble} refusal=${refusal.value} again=${load} />` : html`<${Loading} />`}`;
  const problems = refusal.value?.errors ?? [];
  return html`<${Heading} title=${id} back=${BACK}>
      ${stored.value && html`<${Act} work=${load}>Reload<//><${Remove} path=${path} title="Delete person ${id}?" text="All attributes are gone for good. Jobs that name this person find nobody." verb="Delete person" gone=${gone} />`}<${Act} work=${save} tone="primary">${stored.value ? "Save" : "Create person"}<//><//>
    <section class="panel"><div class="panel-head"><h2>Attributes</h2><${Copy} value=${text.value} /></div>
      ${!stored.value && html`<p class="quiet">Nobody is stored under this id yet.</p>`}
      <${Editor} label="Attributes" rows=${10} value=${text.value} problems=${problems} onChange=${(next) => (text.value = next)} />
      ${problems.length > 0 ? html`<${Problems} list=${problems} tone="bad" />` : html`<${Trouble} refusal=${refusal.value} />`}</section>`;
}
