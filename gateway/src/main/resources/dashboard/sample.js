// What the preview and tests render with: typed, or taken from a stored person or from what a delivery was rendered from.
import { html, useSignal } from "./vendor/ui.js";
import { Refusal, get, request, withQuery } from "./api.js";
import { Act } from "./buttons.js";
import { Editor } from "./editor.js";
import { memberText, prettyJson } from "./format.js";
import { Field, Loading, State, Text, Time, Trouble } from "./parts.js";

const SAMPLE = JSON.stringify({
  customer: { id: "1007", name: "Ada Lovelace", email: "ada@example.com", plan: "pro" },
  event: { name: "purchase", amount: "49.00" },
}, null, 2);

const STORED = "posthaste.sample";

/** How many deliveries are offered. */
const MOST = 20;

/** The one that is given, or else the sample that was used last in this tab. */
export const useSample = (given) => useSignal(given ?? sessionStorage.getItem(STORED) ?? SAMPLE);

export const rememberSample = (sample) => sessionStorage.setItem(STORED, sample);

/** @param id of the action, "" for a new one */
export function Sample({ id, sample, trouble }) {
  const open = useSignal("");
  const note = useSignal("");
  const turn = (name) => () => (open.value = open.value === name ? "" : name);
  const take = (text, words) => {
    sample.value = text;
    note.value = words;
    open.value = "";
  };
  const source = (name, label) => html`<button type="button" class="small" aria-expanded=${open.value === name} onClick=${turn(name)}>${label}</button>`;
  return html`<section class="panel" aria-labelledby="sample">
    <div class="panel-head"><h2 id="sample">Sample person and event</h2><div class="actions">${source("person", "From a person")}${source("delivery", "From a delivery")}
      <button type="button" class="small" onClick=${() => take(SAMPLE, "")}>Reset</button></div></div>
    ${open.value === "person" && html`<${FromPerson} sample=${sample.value} take=${take} />`}
    ${open.value === "delivery" && html`<${FromDelivery} id=${id} sample=${sample.value} take=${take} />`}
    ${note.value && html`<p class="hint" role="status"><${Text} value=${note.value} /></p>`}
    <${Editor} label="Sample data" rows=${6} value=${sample.value} onChange=${(text) => (sample.value = text)} />
    ${trouble && html`<p class="problems bad" role="alert">${trouble}</p>`}
  </section>`;
}

/** What is stored of a person, its digits as they are written. */
const person = async (id) => (await request("GET", `/v1/people/${encodeURIComponent(id)}`)).text();

/** The sample with another customer; its other members stay. */
function withCustomer(sample, customer) {
  let names = [];
  try {
    names = Object.keys(JSON.parse(sample)).filter((name) => name !== "customer" && name !== "customer_id");
  } catch {
    // What cannot be read is replaced as a whole.
  }
  const members = [["customer", customer], ...names.map((name) => [name, memberText(sample, name)])];
  return prettyJson(`{${members.map(([name, text]) => `${JSON.stringify(name)}:${text || "null"}`).join(",")}}`);
}

function FromPerson({ sample, take }) {
  const id = useSignal("");
  const refusal = useSignal(null);
  const find = async (event) => {
    event.preventDefault();
    const wanted = id.value.trim();
    if (!wanted) return;
    try {
      take(withCustomer(sample, await person(wanted)), `The person ${wanted} as stored now.`);
    } catch (refused) {
      refusal.value = refused;
    }
  };
  return html`<form class="filters" onSubmit=${find}><${Field} label="Id of a stored person" grow><input value=${id.value} placeholder="1007" onInput=${(event) => (id.value = event.target.value)} /><//><button>Take</button></form>
    <${Trouble} refusal=${refusal.value?.status === 404 ? { message: "Nobody is stored under this id.", advice: "Store the person under People, or take a delivery." } : refusal.value} />`;
}

function FromDelivery({ id, sample, take }) {
  const found = useSignal(null);
  const refusal = useSignal(null);
  if (!found.value && !refusal.value) {
    get(withQuery("/v1/deliveries", { action: id, limit: MOST })).then((page) => (found.value = page.deliveries), (refused) => (refusal.value = refused));
    return html`<${Loading} />`;
  }
  if (refusal.value) return html`<${Trouble} refusal=${refusal.value} />`;
  if (found.value.length === 0) return html`<p class="quiet">No deliveries yet.</p>`;
  return html`<ul class="choices" aria-label="Recent deliveries">${found.value.map((delivery) => html`<li key=${delivery.id}>
    <span class="row"><${State} name=${delivery.state} /> <code><${Text} value=${delivery.id} /></code> ${delivery.customer && html`<span class="quiet">for <${Text} value=${delivery.customer} /></span>`} <span class="quiet"><${Time} at=${delivery.updated_at} /></span></span>
    <${Act} work=${async () => take(...(await dataOf(delivery, sample)))} tone="small" aria-label="Take ${delivery.id}">Take<//></li>`)}</ul>`;
}

/** What the delivery was rendered from and where that is from; once it is sent, only its person is there. */
async function dataOf({ id, customer }, sample) {
  try {
    return [prettyJson(await (await request("GET", `/v1/deliveries/${encodeURIComponent(id)}/data`)).text()), `What ${id} is rendered from.`];
  } catch (refused) {
    if (refused.status !== 409) throw refused;
    const stored = customer ? await person(customer).catch((missing) => (missing.status === 404 ? null : Promise.reject(missing))) : null;
    if (stored === null) throw new Refusal(409, { detail: `The data of ${id} are not kept: they go when a delivery is sent${customer ? `, and its person ${customer} is not stored` : ""}. Take one that waits, failed or is a draft.` });
    return [withCustomer(sample, stored), `The data of ${id} went when it was sent; this is its person ${customer} as stored now.`];
  }
}
