// The composer: an action, what it would send as you type, how it has been doing, and ways to try it.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { Refusal, get, put } from "./api.js";
import { Act, Remove, tell } from "./buttons.js";
import { actionOf, isCurl } from "./curl.js";
import { useThing } from "./data.js";
import { Fields } from "./fields.js";
import { Figures } from "./figures.js";
import { skew } from "./live.js";
import { chosen } from "./gallery.js";
import { Heading, Loading, Text, Time, Trouble } from "./parts.js";
import { Paste, Taken } from "./paste.js";
import { Preview, usePreview } from "./preview.js";
import { Sample, useSample } from "./sample.js";
import { Run, Test } from "./trial.js";
import { forget, keep, kept } from "./unsaved.js";
import { definition } from "./versions.js";

const BLANK = {
  name: "", method: "POST", url: "https://", headers: [{ name: "Content-Type", value: "application/json" }],
  body: '{\n  "email": {{ customer.email | to_json }},\n  "name": {{ customer.name | to_json }}\n}',
  sending: "automatic", response_attributes: [], allow_conversions: false, on_missing: "fail", escape: "none",
  retry: { policy: "standard" }, limits: { max_in_flight: null, max_per_second: null }, signatures: ["cio"],
};

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

export function Composer({ id }) {
  const isNew = id === "+";
  const recipe = useRef(isNew ? chosen() : null).current;
  const stored = useSignal(isNew ? { ...BLANK, version: 0 } : null);
  const refusal = useSignal(null);
  const load = () => get(`/v1/actions/${encodeURIComponent(id)}`).then((action) => (stored.value = action), (refused) => (refusal.value = refused));
  useEffect(() => void (isNew || load()), []);
  const back = { href: "#/actions", label: "All actions" };
  if (!stored.value) return html`<${Heading} title=${id} back=${back} />${refusal.value ? html`<${Trouble} refusal=${refusal.value} again=${load} />` : html`<${Loading} />`}`;
  return html`<${Form} id=${isNew ? "" : id} stored=${stored} recipe=${recipe} back=${back} />`;
}

function Form({ id, stored, recipe, back }) {
  const action = useSignal({ ...definition(stored.value), ...recipe?.action });
  const newId = useSignal("");
  const sample = useSample(recipe && JSON.stringify(recipe.sample, null, 2));
  const saving = useSignal(null);
  const preview = usePreview(action.value, sample.value);
  const words = { ...useWords(), sample: preview.data };
  const change = (fields) => (action.value = { ...action.value, ...fields });
  const dirty = JSON.stringify(action.value) !== JSON.stringify(definition(stored.value));
  useUnsaved(id, stored.value, action.value, dirty);
  const offer = useSignal(kept(id));
  const pasting = useSignal(false);
  const taken = useSignal(null);
  const paste = (text) => {
    if (!isCurl(text)) return false;
    const read = actionOf(text);
    taken.value = { ...read, before: action.value };
    if (read.action) change(read.action);
    pasting.value = false;
    return true;
  };

  const save = async () => {
    const name = id || newId.value.trim();
    if (!NAME.test(name)) throw new Refusal(422, { detail: "Give the action an id of 1 to 64 letters, digits, dots, dashes or underscores." });
    try {
      const saved = await put(`/v1/actions/${name}`, action.value);
      saving.value = null;
      forget(id);
      offer.value = null;
      stored.value = saved;
      action.value = definition(saved);
      tell(`Saved as version ${saved.version}.`);
      if (!id) location.hash = `#/actions/${name}`;
    } catch (refused) {
      saving.value = refused;
      throw refused;
    }
  };
  const gone = () => {
    forget(id);
    stored.value = { ...stored.value, ...action.value };
    location.hash = "#/actions";
  };
  const errors = saving.value?.errors?.length ? saving.value.errors : preview.errors;
  return html`<${Heading} title=${id ? action.value.name || id : "New action"} back=${back}>
      <button type="button" aria-expanded=${pasting.value} onClick=${() => (pasting.value = !pasting.value)}>Paste curl</button>
      ${id && html`<a class="button" href="#/actions/${id}/versions">Versions (${stored.value.version})</a>`}
      ${id && html`<a class="button" href="#/deliveries?action=${id}">Deliveries</a>`}
      ${id && html`<${Remove} path=${`/v1/actions/${id}`} title="Delete ${id}?" text="Jobs that name it fail with 'unknown action' until it is created again. What is retried already goes on."
        verb="Delete action" gone=${gone} />`}
      <${Act} work=${save} tone="primary" disabled=${!dirty && Boolean(id)}>${id ? "Save" : "Create action"}<//>
    <//>
    ${offer.value && html`<${Offer} id=${id} offer=${offer} stored=${stored.value} restore=${(restored) => (action.value = restored)} />`}
    ${recipe?.secrets.length > 0 && html`<p class="hint" role="status">This recipe takes ${recipe.secrets.map((name) => html`<code>secrets.${name}</code> `)}: <a href="#/secrets">store it</a> before you save.</p>`}
    ${pasting.value && html`<${Paste} take=${paste} close=${() => (pasting.value = false)} />`}
    ${taken.value && html`<${Taken} taken=${taken.value} undo=${() => ((action.value = taken.value.before), (taken.value = null))} close=${() => (taken.value = null)} />`}
    ${id && html`<${Figures} id=${id} />`}
    <div class="composer">
      <section class="panel">
        <${Fields} id=${id} newId=${newId} action=${action.value} change=${change} errors=${errors} warnings=${preview.warnings} words=${words} paste=${paste} />
      </section>
      <div class="side">
        <${Sample} id=${id} sample=${sample} trouble=${preview.sampleError} />
        <${Preview} preview=${preview} />
        <${Test} id=${id} dirty=${dirty} sample=${sample.value} />
        ${id && html`<${Run} id=${id} dirty=${dirty} sample=${sample.value} />`}
      </div>
    </div>`;
}

const PAUSE_MS = 400;

/** Keeps what was typed until it is saved, and warns before a reload or a closed tab loses what is not kept. */
function useUnsaved(id, stored, action, dirty) {
  const began = useRef(false);
  useEffect(() => {
    if (!dirty && !began.current) return; // What was kept the last time is still offered.
    began.current = true;
    const timer = setTimeout(() => (dirty ? keep(id, stored.version, action) : forget(id)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [id, dirty, JSON.stringify(action)]);
  useEffect(() => {
    const ask = (event) => dirty && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
}

/** Changes of another time: to be restored or discarded. */
function Offer({ id, offer, stored, restore }) {
  const { at, version, definition: changed, left } = offer.value;
  const decide = (act) => () => (act(), (offer.value = null));
  // What was left out comes back from what is stored, where it did not change its name.
  const value = (header) => header.value || stored.headers.find((one) => one.name === header.name)?.value || "";
  const whole = () => ({ ...definition(stored), ...changed, headers: changed.headers.map((header) => ({ ...header, value: value(header) })) });
  return html`<section class="lost" aria-labelledby="unsaved"><h2 id="unsaved">You changed this action and did not save it</h2>
    <p>That was <${Time} at=${at + skew.value} />, from ${version ? `version ${version}` : "a blank form"}.${version !== stored.version && version > 0 && html` <strong>Version ${stored.version} was saved since</strong>: restored changes replace it once you save them. <a href="#/actions/${id}/versions">What changed</a>.`}</p>
    ${left?.length > 0 && html`<p>Credentials are not kept: look at <${Text} value=${left.join(", ")} />.</p>`}
    <div class="actions"><button type="button" class="primary" onClick=${decide(() => restore(whole()))}>Restore changes</button>
      <button type="button" onClick=${decide(() => forget(id))}>Discard them</button></div></section>`;
}

/** What templates are completed from, beside the sample: what the gateway's engine has, and what is stored under which name. */
function useWords() {
  const language = useThing("/v1/liquid").value;
  const names = (list) => list?.map(({ name }) => name) ?? [];
  return { language, secrets: names(useThing("/v1/secrets").value?.secrets), snippets: names(useThing("/v1/snippets").value?.snippets) };
}
