// Two ways to try an action: a test that sends once and changes nothing, and a run, which is a delivery like any other.
import { html, useSignal } from "./vendor/ui.js";
import { call } from "./api.js";
import { useCourse } from "./data.js";
import { Act } from "./buttons.js";
import { duration, memberText } from "./format.js";
import { Field, State, Status, Text, Time, Trouble, hasEnded } from "./parts.js";
import { RequestView, ResponseView } from "./request.js";

export function Test({ id, dirty, sample }) {
  const result = useSignal(null);
  const send = async () => {
    result.value = await call("POST", `/v1/actions/${id}/test`, `{"data":${sample}}`);
  };
  const why = !id ? "Create the action first." : dirty ? "Save first: a test sends what is stored." : "Really sends once; sets nothing, retries nothing.";
  return html`<section class="panel"><div class="panel-head"><h2>Send a test</h2><${Act} work=${send} disabled=${!id || dirty}>Send test<//></div>
    <p class="hint">${why}</p>${result.value && html`<${Outcome} result=${result.value} />`}</section>`;
}

function Outcome({ result }) {
  const { response, attributes } = result;
  return html`<div aria-live="polite" class="wire">
    <div class="row">${response ? html`<${Status} code=${response.status} /><span class="quiet">after ${duration(response.duration_ms)}</span>` : html`<${State} name="not answered" tone="bad" />`}
      ${result.reason && html`<span><${Text} value=${result.reason} /></span>`}</div>
    ${response && html`<${ResponseView} headers=${response.headers} body=${response.body} />`}
    ${attributes.length > 0 && html`<h3>Would be set on the person</h3><dl class="headers">${attributes.map(({ attribute, value, error }) => html`<div><dt><${Text} value=${attribute} /></dt><dd><${Text} value=${error ?? JSON.stringify(value)} /></dd></div>`)}</dl>`}
    ${result.request && html`<details><summary>The request</summary><${RequestView} request=${result.request} /></details>`}
  </div>`;
}

/** Whoever runs actions by hand has said once who they are. */
const BY = "posthaste.by";

/** A shortcut (M86): the stored action for one person. */
export function Run({ id, dirty, sample }) {
  const person = useSignal("");
  const by = useSignal(sessionStorage.getItem(BY) ?? "");
  const made = useSignal(null);
  const refusal = useSignal(null);
  const busy = useSignal(false);
  const run = async (event) => {
    event.preventDefault();
    if (busy.value) return;
    const who = by.value.trim();
    sessionStorage.setItem(BY, who);
    busy.value = true;
    try {
      made.value = await call("POST", `/v1/actions/${id}/run`, wish(person.value.trim(), sample, who));
      refusal.value = null;
    } catch (refused) {
      refusal.value = refused;
    }
    busy.value = false;
  };
  return html`<section class="panel" aria-labelledby="run"><h2 id="run">Run for one person</h2>
    <form class="filters" onSubmit=${run}>
      <${Field} label="Person's id"><input value=${person.value} placeholder="as in the sample" onInput=${(event) => (person.value = event.target.value)} /><//>
      <${Field} label="Asked for by"><input value=${by.value} maxlength="128" placeholder="optional" onInput=${(event) => (by.value = event.target.value)} /><//>
      <button disabled=${dirty} aria-busy=${busy.value}>Run</button>
    </form>
    <p class="hint">${dirty ? "Save first: what is stored is run." : "A delivery like any other: it is retried, and sets attributes."}</p>
    <${Trouble} refusal=${refusal.value} />
    ${made.value && html`<${Course} key=${made.value.id} made=${made.value} />`}
  </section>`;
}

/** The person by id, or else the sample's own, with the digits of numbers as they are written. */
function wish(id, sample, by) {
  const who = id ? `"customer_id":${JSON.stringify(id)}` : `"customer":${memberText(sample, "customer") || "{}"}`;
  return by ? `{${who},"by":${JSON.stringify(by)}}` : `{${who}}`;
}

/** What becomes of the delivery that was made. */
function Course({ made }) {
  const { value } = useCourse(`/v1/deliveries/${made.id}`, hasEnded, 1_000);
  const { id, state, reason, next_attempt_at: next } = value ?? made;
  return html`<p role="status"><a href="#/deliveries/${id}"><${Text} value=${id} /></a> <${State} name=${state} />
    ${reason && html` <span class="quiet"><${Text} value=${reason} /></span>`}${next && html` <span class="quiet">next attempt <${Time} at=${next} /></span>`}</p>`;
}
