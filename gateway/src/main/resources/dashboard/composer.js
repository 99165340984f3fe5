// The composer: an action, what it would send for a sample person as you type, and a test that really sends.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { Refusal, call, get, put, remove } from "./api.js";
import { duration } from "./format.js";
import { Act, Field, Heading, Loading, Problems, State, Status, Text, Trouble, confirm, tell } from "./parts.js";
import { Editor } from "./editor.js";
import { RequestView, ResponseView } from "./request.js";
import { policyOf, Schedule } from "./retry.js";

const BLANK = {
  name: "", method: "POST", url: "https://", headers: [{ name: "Content-Type", value: "application/json" }],
  body: '{\n  "email": {{ customer.email | to_json }},\n  "name": {{ customer.name | to_json }}\n}',
  sending: "automatic", response_attributes: [], allow_conversions: false, on_missing: "fail", escape: "none",
  retry: { policy: "standard" }, limits: { max_in_flight: null, max_per_second: null }, signatures: ["cio"],
};

const SAMPLE = JSON.stringify({
  customer: { id: "1007", name: "Ada Lovelace", email: "ada@example.com", plan: "pro" },
  event: { name: "purchase", amount: "49.00" },
}, null, 2);

const STORED = "posthaste.sample";
const PAUSE_MS = 350;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const STAMPS = ["id", "version", "created_at", "updated_at", "warnings"];

const definition = (action) => Object.fromEntries(Object.entries(action).filter(([field]) => !STAMPS.includes(field)));

export function Composer({ id }) {
  const isNew = id === "new";
  const stored = useSignal(isNew ? { ...BLANK, version: 0 } : null);
  const refusal = useSignal(null);
  const load = () => get(`/v1/actions/${encodeURIComponent(id)}`).then((action) => (stored.value = action), (refused) => (refusal.value = refused));
  useEffect(() => void (isNew || load()), []);
  const back = { href: "#/actions", label: "All actions" };
  if (!stored.value) return html`<${Heading} title=${id} back=${back} />${refusal.value ? html`<${Trouble} refusal=${refusal.value} again=${load} />` : html`<${Loading} />`}`;
  return html`<${Form} id=${isNew ? "" : id} stored=${stored} back=${back} />`;
}

function Form({ id, stored, back }) {
  const action = useSignal(definition(stored.value));
  const newId = useSignal("");
  const sample = useSignal(sessionStorage.getItem(STORED) ?? SAMPLE);
  const saving = useSignal(null);
  const preview = usePreview(action.value, sample.value);
  const change = (fields) => (action.value = { ...action.value, ...fields });
  const dirty = JSON.stringify(action.value) !== JSON.stringify(definition(stored.value));
  useUnsaved(dirty);

  const save = async () => {
    const name = id || newId.value.trim();
    if (!NAME.test(name)) throw new Refusal(422, { detail: "Give the action an id of 1 to 64 letters, digits, dots, dashes or underscores." });
    try {
      const saved = await put(`/v1/actions/${name}`, action.value);
      saving.value = null;
      stored.value = saved;
      action.value = definition(saved);
      tell(`Saved as version ${saved.version}.`);
      if (!id) location.hash = `#/actions/${name}`;
    } catch (refused) {
      saving.value = refused;
      throw refused;
    }
  };
  const drop = async () => {
    const yes = await confirm({ title: `Delete ${id}?`, text: "Jobs that name it fail with 'unknown action' until it is created again. What is retried already goes on.", verb: "Delete action", keep: "Keep it" });
    if (!yes) return;
    await remove(`/v1/actions/${id}`);
    stored.value = { ...stored.value, ...action.value };
    location.hash = "#/actions";
  };
  const errors = saving.value?.errors?.length ? saving.value.errors : preview.errors;
  return html`<${Heading} title=${id ? action.value.name || id : "New action"} back=${back}>
      ${id && html`<a class="button" href="#/actions/${id}/versions">Versions (${stored.value.version})</a>`}
      ${id && html`<a class="button" href="#/deliveries?action=${id}">Deliveries</a>`}
      ${id && html`<${Act} work=${drop} tone="danger">Delete<//>`}
      <${Act} work=${save} tone="primary" disabled=${!dirty && Boolean(id)}>${id ? "Save" : "Create action"}<//>
    <//>
    <div class="composer">
      <section class="panel">
        <${Fields} id=${id} newId=${newId} action=${action.value} change=${change} errors=${errors} warnings=${preview.warnings} names=${preview.names} />
      </section>
      <div class="side">
        <${Sample} sample=${sample} trouble=${preview.sampleError} />
        <${Preview} preview=${preview} />
        <${Test} id=${id} dirty=${dirty} sample=${sample.value} />
      </div>
    </div>`;
}

/** Warns before a reload or a closed tab loses what was typed. */
function useUnsaved(dirty) {
  useEffect(() => {
    const ask = (event) => dirty && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
}

/** What the gateway makes of the action and the sample, a moment after the last keystroke. */
function usePreview(action, sample) {
  const preview = useSignal({ request: null, errors: [], warnings: [], missing: [], names: [], sampleError: "" });
  const data = parsed(sample);
  useEffect(() => {
    if (data.error) {
      preview.value = { ...preview.value, sampleError: data.error };
      return;
    }
    const abort = new AbortController();
    const ask = async () => {
      // Raw text: the digits of numbers stay as they are written.
      const body = `{"action":${JSON.stringify(action)},"data":${sample}}`;
      const next = { names: pathsOf(data.value), sampleError: "", refusal: null, errors: [], warnings: [], missing: [], aborted: "" };
      try {
        preview.value = { ...next, ...(await call("POST", "/v1/preview", body, { signal: abort.signal })) };
        sessionStorage.setItem(STORED, sample);
      } catch (refused) {
        if (refused.name === "AbortError") return;
        if (refused.status === 429) return void (timer = setTimeout(ask, 1000 * Math.max(1, refused.retryAfter)));
        const errors = (refused.errors ?? []).map((one) => ({ ...one, field: one.field.replace(/^action\.?/, "") }));
        preview.value = { ...next, request: preview.value.request, stale: true, errors, refusal: errors.length ? null : refused };
      }
    };
    let timer = setTimeout(ask, PAUSE_MS);
    return () => (clearTimeout(timer), abort.abort());
  }, [JSON.stringify(action), sample]);
  return preview.value;
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { value } : { error: "Give a JSON object." };
  } catch (malformed) {
    return { error: malformed.message };
  }
}

/** Every path of the sample, for completion. */
function pathsOf(value, before = "", found = []) {
  for (const [name, inner] of Object.entries(value)) {
    if (found.length >= 300 || !/^\w+$/.test(name)) continue;
    found.push(before + name);
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner)) pathsOf(inner, `${before}${name}.`, found);
  }
  return found;
}

const severe = (list, severity) => list.map((one) => ({ ...one, severity }));

function Fields({ id, newId, action, change, errors, warnings, names }) {
  const of = (field) => [...severe(errors, "error"), ...severe(warnings, "warning")].filter((one) => one.field === field);
  const errorsOf = (field) => of(field).filter((one) => one.severity === "error");
  const text = (field) => (event) => change({ [field]: event.target.value });
  const placed = new Set(["url", "body", "name", "method", "sending"]);
  const elsewhere = errors.filter((one) => !placed.has(one.field) && !/^(headers|response_attributes|retry|limits)/.test(one.field));
  return html`<div class="form wide">
    <div class="filters">
      ${!id && html`<${Field} label="Id"><input value=${newId.value} placeholder="zendesk-ticket" onInput=${(event) => (newId.value = event.target.value)} /><//>`}
      <${Field} label="Name" errors=${errorsOf("name")}><input value=${action.name} placeholder="for people" onInput=${text("name")} /><//>
      <${Field} label="Method" errors=${errorsOf("method")}><${Select} value=${action.method} options=${["POST", "GET", "PUT", "PATCH", "DELETE"]} change=${text("method")} /><//>
      <${Field} label="Sending" errors=${errorsOf("sending")}><${Select} value=${action.sending} options=${["automatic", "draft", "off"]} change=${text("sending")} /><//>
    </div>
    <${Piece} label="URL" problems=${of("url")}><${Editor} label="URL" single value=${action.url} names=${names} problems=${of("url")} onChange=${(url) => change({ url })} /><//>
    <${Pairs} title="Headers" add="Add header" list=${action.headers} one="name" two="value" field="headers" of=${of} change=${(headers) => change({ headers })} />
    <${Piece} label="Body" problems=${of("body")}><${Editor} label="Body" rows=${10} value=${action.body} names=${names} problems=${of("body")} onChange=${(body) => change({ body })} /><//>
    <${Pairs} title="What the answer sets on the person" add="Add attribute" list=${action.response_attributes} one="attribute" two="template" hint="{{ response.ticket.id }}"
      field="response_attributes" of=${of} change=${(response_attributes) => change({ response_attributes })} />
    <${Retry} retry=${action.retry} change=${(retry) => change({ retry })} errors=${errors.filter((one) => one.field.startsWith("retry"))} />
    <${More} action=${action} change=${change} errors=${errors.filter((one) => one.field.startsWith("limits"))} />
    ${elsewhere.length > 0 && html`<${Problems} list=${elsewhere} tone="bad" />`}
  </div>`;
}

const Select = ({ value, options, change, label }) => html`<select aria-label=${label} value=${value} onChange=${change}>
  ${options.map((name) => html`<option selected=${name === value}>${name}</option>`)}</select>`;

/** An editor with its label and, below, every problem with its place. */
const Piece = ({ label, problems, children }) => html`<div class="field"><span class="label" aria-hidden="true">${label}</span>${children}
  ${["error", "warning"].map((severity) => {
    const list = problems.filter((one) => one.severity === severity);
    return list.length > 0 && html`<${Problems} list=${list} tone=${severity === "error" ? "bad" : "warn"} />`;
  })}</div>`;

function Pairs({ title, add, list, one, two, hint = "", field, of, change }) {
  const set = (i, name, value) => change(list.map((pair, at) => (at === i ? { ...pair, [name]: value } : pair)));
  const problems = list.flatMap((_, i) => [...of(`${field}[${i}].${one}`), ...of(`${field}[${i}].${two}`), ...of(`${field}[${i}]`)]);
  return html`<fieldset><legend class="label">${title}</legend>
    ${list.map((pair, i) => html`<div class="pair" key=${i}>
      <input class="mono" aria-label="${one} ${i + 1}" value=${pair[one]} onInput=${(event) => set(i, one, event.target.value)} />
      <input class="mono" aria-label="${two} ${i + 1}" value=${pair[two]} placeholder=${hint} onInput=${(event) => set(i, two, event.target.value)} />
      <button type="button" class="small" aria-label="Remove ${pair[one] || one}" onClick=${() => change(list.filter((_, at) => at !== i))}>Remove</button>
    </div>`)}
    ${problems.length > 0 && html`<${Problems} list=${problems} tone=${problems.some((problem) => problem.severity === "error") ? "bad" : "warn"} />`}
    <div><button type="button" class="small" onClick=${() => change([...list, { [one]: "", [two]: "" }])}>${add}</button></div>
  </fieldset>`;
}

function Retry({ retry, change, errors }) {
  const name = retry.policy ?? "explicit";
  const choose = (event) => change(event.target.value === "explicit" ? { ...policyOf(retry) } : { policy: event.target.value });
  const numbers = (text) => text.split(/[\s,]+/).filter(Boolean).map((delay) => Math.round(Number(delay) * 1000));
  return html`<fieldset><legend class="label">Retries</legend>
    <div class="filters">
      <${Field} label="Policy"><${Select} value=${name} options=${["standard", "brisk", "explicit"]} change=${choose} /><//>
      ${name === "explicit" && html`
        <${Field} label="Attempt may take (s)"><input type="number" step="0.1" value=${retry.timeout_ms / 1000} onChange=${(event) => change({ ...retry, timeout_ms: Math.round(event.target.value * 1000) })} /><//>
        <label class="field grow"><span class="label">Waits before each retry (s)</span><input value=${retry.delays_ms.map((ms) => ms / 1000).join(", ")} onChange=${(event) => change({ ...retry, delays_ms: numbers(event.target.value) })} /></label>
        <${Field} label="Retried statuses"><input value=${retry.statuses.join(", ")} onChange=${(event) => change({ ...retry, statuses: event.target.value.split(/[\s,]+/).filter(Boolean) })} /><//>`}
    </div>
    <${Schedule} retry=${retry} />
    ${errors.length > 0 && html`<${Problems} list=${errors} tone="bad" />`}
  </fieldset>`;
}

function More({ action, change, errors }) {
  const number = (name) => (event) => change({ limits: { ...action.limits, [name]: event.target.value === "" ? null : Number(event.target.value) } });
  const sign = (name) => (event) => change({ signatures: event.target.checked ? [...action.signatures, name] : action.signatures.filter((one) => one !== name) });
  return html`<fieldset><legend class="label">Limits and rules</legend>
    <div class="filters">
      <${Field} label="In flight at most"><input type="number" min="1" placeholder="default" value=${action.limits.max_in_flight ?? ""} onChange=${number("max_in_flight")} /><//>
      <${Field} label="Per second at most"><input type="number" min="0" step="any" placeholder="no limit" value=${action.limits.max_per_second ?? ""} onChange=${number("max_per_second")} /><//>
      <${Field} label="A value is missing"><${Select} value=${action.on_missing} options=${["fail", "empty"]} change=${(event) => change({ on_missing: event.target.value })} /><//>
      ${action.escape !== undefined && html`<${Field} label="Escape data for"><${Select} value=${action.escape} options=${["none", "json"]} change=${(event) => change({ escape: event.target.value })} /><//>`}
    </div>
    <div class="row">
      <label class="inline"><input type="checkbox" checked=${action.signatures.includes("cio")} onChange=${sign("cio")} />X-CIO signature</label>
      <label class="inline"><input type="checkbox" checked=${action.signatures.includes("standard-webhooks")} onChange=${sign("standard-webhooks")} />Standard Webhooks signature</label>
      <label class="inline"><input type="checkbox" checked=${action.allow_conversions} onChange=${(event) => change({ allow_conversions: event.target.checked })} />Counts for conversions</label>
    </div>
    ${errors.length > 0 && html`<${Problems} list=${errors} tone="bad" />`}
  </fieldset>`;
}

const Sample = ({ sample, trouble }) => html`<section class="panel">
  <div class="panel-head"><h2>Sample person and event</h2><button type="button" class="small" onClick=${() => (sample.value = SAMPLE)}>Reset</button></div>
  <${Editor} label="Sample data" rows=${6} value=${sample.value} onChange=${(text) => (sample.value = text)} />
  ${trouble && html`<p class="problems bad" role="alert">${trouble}</p>`}
</section>`;

function Preview({ preview }) {
  const verdict = preview.errors.length > 0 ? html`<${State} name="has errors" tone="bad" />`
    : preview.missing.length > 0 || preview.warnings.length > 0 ? html`<${State} name="has warnings" tone="warn" />`
    : preview.request ? html`<${State} name="renders" tone="good" />` : null;
  return html`<section class="panel preview ${preview.stale ? "stale" : ""}" aria-live="polite">
    <div class="panel-head"><h2>What would be sent</h2>${verdict}</div>
    <${Trouble} refusal=${preview.refusal} />
    ${preview.aborted && html`<p>The template decides not to send: <${Text} value=${preview.aborted} />.</p>`}
    ${preview.missing.length > 0 && html`<p class="quiet">The sample has no ${preview.missing.map((name, i) => html`${i > 0 && ", "}<code><${Text} value=${name} /></code>`)}.</p>`}
    ${preview.request && html`<${RequestView} request=${preview.request} />`}
    ${!preview.request && preview.errors.length > 0 && html`<p class="quiet">Mend the errors, and the request shows here.</p>`}
  </section>`;
}

function Test({ id, dirty, sample }) {
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
