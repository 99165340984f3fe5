// What makes an action, as a form.
import { html } from "./vendor/ui.js";
import { Body } from "./body.js";
import { Editor } from "./editor.js";
import { hostsOf } from "./format.js";
import { Field, Problems, Typed } from "./parts.js";
import { policyOf, Schedule } from "./retry.js";

const severe = (list, severity) => list.map((one) => ({ ...one, severity }));

/** @param change is told the fields that are other from now on */
export function Fields({ id, newId, action, change, errors, warnings, words, paste }) {
  const of = (field) => [...severe(errors, "error"), ...severe(warnings, "warning")].filter((one) => one.field === field);
  const errorsOf = (field) => of(field).filter((one) => one.severity === "error");
  const text = (field) => (event) => change({ [field]: event.target.value });
  const placed = new Set(["url", "body", "name", "method", "sending"]);
  const elsewhere = errors.filter((one) => !placed.has(one.field) && !/^(headers|response_attributes|retry|limits|secret_hosts|connection|on_gone)/.test(one.field));
  return html`<div class="form wide">
    <div class="filters">
      ${!id && html`<${Field} label="Id"><input value=${newId.value} placeholder="zendesk-ticket" onInput=${(event) => (newId.value = event.target.value)} /><//>`}
      <${Field} label="Name" grow errors=${errorsOf("name")}><input value=${action.name} placeholder="for people" onInput=${text("name")} /><//>
      <${Field} label="Method" errors=${errorsOf("method")}><${Select} value=${action.method} options=${["POST", "GET", "PUT", "PATCH", "DELETE"]} change=${text("method")} /><//>
      <${Field} label="Sending" errors=${errorsOf("sending")}><${Select} value=${action.sending} options=${["automatic", "draft", "off"]} change=${text("sending")} /><//>
    </div>
    <${Piece} label="URL" problems=${of("url")}><${Editor} label="URL" single paste=${paste} value=${action.url} words=${words} problems=${of("url")} onChange=${(url) => change({ url })} /><//>
    <${Pairs} title="Headers" words=${words} add="Add header" list=${action.headers} one="name" two="value" field="headers" of=${of} change=${(headers) => change({ headers })} />
    <${Piece} label="Body" problems=${of("body")}><${Body} headers=${action.headers} body=${action.body} words=${words} problems=${of("body")} change=${(body) => change({ body })} /><//>
    <${Pairs} title="What the answer sets on the person" words=${{ ...words, answers: true }} add="Add attribute" list=${action.response_attributes} one="attribute" two="template"
      field="response_attributes" of=${of} change=${(response_attributes) => change({ response_attributes })} />
    <${Retry} retry=${action.retry} change=${(retry) => change({ retry })} errors=${errors.filter((one) => one.field.startsWith("retry"))} />
    <${More} action=${action} change=${change} errors=${errors.filter((one) => /^(limits|secret_hosts|connection|on_gone)/.test(one.field))} />
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

function Pairs({ title, add, list, one, two, words, field, of, change }) {
  const set = (i, name, value) => change(list.map((pair, at) => (at === i ? { ...pair, [name]: value } : pair)));
  const problems = list.flatMap((_, i) => [...of(`${field}[${i}].${one}`), ...of(`${field}[${i}].${two}`), ...of(`${field}[${i}]`)]);
  return html`<fieldset><legend class="label">${title}</legend>
    ${list.map((pair, i) => html`<div class="pair" key=${i}>
      <input class="mono" aria-label="${one} ${i + 1}" value=${pair[one]} onInput=${(event) => set(i, one, event.target.value)} />
      <${Editor} label="${two} ${i + 1}" single words=${words} value=${pair[two]} problems=${of(`${field}[${i}].${two}`)} onChange=${(text) => set(i, two, text)} />
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
        <${Field} label="Attempt may take (s)"><${Typed} type="number" step="0.1" value=${retry.timeout_ms / 1000} change=${(event) => change({ ...retry, timeout_ms: Math.round(event.target.value * 1000) })} /><//>
        <${Field} label="Waits before each retry (s)" grow><${Typed} value=${retry.delays_ms.map((ms) => ms / 1000).join(", ")} change=${(event) => change({ ...retry, delays_ms: numbers(event.target.value) })} /><//>
        <${Field} label="Retried statuses"><${Typed} value=${retry.statuses.join(", ")} change=${(event) => change({ ...retry, statuses: event.target.value.split(/[\s,]+/).filter(Boolean) })} /><//>`}
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
      <${Field} label="In flight at most"><${Typed} type="number" min="1" placeholder="default" value=${action.limits.max_in_flight ?? ""} change=${number("max_in_flight")} /><//>
      <${Field} label="Per second at most"><${Typed} type="number" min="0" step="any" placeholder="no limit" value=${action.limits.max_per_second ?? ""} change=${number("max_per_second")} /><//>
      <${Field} label="A value is missing"><${Select} value=${action.on_missing} options=${["fail", "empty"]} change=${(event) => change({ on_missing: event.target.value })} /><//>
      ${action.escape !== undefined && html`<${Field} label="Escape data for"><${Select} value=${action.escape} options=${["none", "json"]} change=${(event) => change({ escape: event.target.value })} /><//>`}
      <${Field} label="Told to stop"><${Select} value=${action.on_gone ?? "fail"} options=${["fail", "pause"]} change=${(event) => change({ on_gone: event.target.value })} /><//>
      <${Field} label="In order: a failed one"><${Select} value=${action.order?.on_failure ?? "continue"} options=${["continue", "block"]} change=${(event) => change({ order: { on_failure: event.target.value } })} /><//>
      <${Field} label="Connection"><${Typed} class="mono" value=${action.connection ?? ""} placeholder="none" change=${(event) => change({ connection: event.target.value.trim() })} /><//>
      <${Field} label="Secrets may go to" grow><${Typed} class="mono" value=${(action.secret_hosts ?? []).join(", ")} placeholder="the host written in the URL" change=${(event) => change({ secret_hosts: hostsOf(event.target.value) })} /><//>
    </div>
    <div class="row">
      <label class="inline"><input type="checkbox" checked=${action.signatures.includes("cio")} onChange=${sign("cio")} />X-CIO signature</label>
      <label class="inline"><input type="checkbox" checked=${action.signatures.includes("standard-webhooks")} onChange=${sign("standard-webhooks")} />Standard Webhooks signature</label>
      <label class="inline"><input type="checkbox" checked=${action.allow_conversions} onChange=${(event) => change({ allow_conversions: event.target.checked })} />Counts for conversions</label>
    </div>
    ${errors.length > 0 && html`<${Problems} list=${errors} tone="bad" />`}
  </fieldset>`;
}
