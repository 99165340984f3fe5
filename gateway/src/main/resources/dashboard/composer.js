// The composer: an action, what it would send as you type, how it has been doing, and ways to try it.
import { html, useEffect, useSignal } from "./vendor/ui.js";
import { Refusal, get, put } from "./api.js";
import { Act, Remove, tell } from "./buttons.js";
import { useThing } from "./data.js";
import { Fields } from "./fields.js";
import { Figures } from "./figures.js";
import { Heading, Loading, Trouble } from "./parts.js";
import { Preview, Sample, usePreview, useSample } from "./preview.js";
import { Run, Test } from "./trial.js";
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
  const sample = useSample();
  const saving = useSignal(null);
  const preview = usePreview(action.value, sample.value);
  const words = { ...useWords(), sample: preview.data };
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
  const gone = () => {
    stored.value = { ...stored.value, ...action.value };
    location.hash = "#/actions";
  };
  const errors = saving.value?.errors?.length ? saving.value.errors : preview.errors;
  return html`<${Heading} title=${id ? action.value.name || id : "New action"} back=${back}>
      ${id && html`<a class="button" href="#/actions/${id}/versions">Versions (${stored.value.version})</a>`}
      ${id && html`<a class="button" href="#/deliveries?action=${id}">Deliveries</a>`}
      ${id && html`<${Remove} path=${`/v1/actions/${id}`} title="Delete ${id}?" text="Jobs that name it fail with 'unknown action' until it is created again. What is retried already goes on."
        verb="Delete action" gone=${gone} />`}
      <${Act} work=${save} tone="primary" disabled=${!dirty && Boolean(id)}>${id ? "Save" : "Create action"}<//>
    <//>
    ${id && html`<${Figures} id=${id} />`}
    <div class="composer">
      <section class="panel">
        <${Fields} id=${id} newId=${newId} action=${action.value} change=${change} errors=${errors} warnings=${preview.warnings} words=${words} />
      </section>
      <div class="side">
        <${Sample} sample=${sample} trouble=${preview.sampleError} />
        <${Preview} preview=${preview} />
        <${Test} id=${id} dirty=${dirty} sample=${sample.value} />
        ${id && html`<${Run} id=${id} dirty=${dirty} sample=${sample.value} />`}
      </div>
    </div>`;
}

/** What templates are completed from, beside the sample: what the gateway's engine has, and what is stored under which name. */
function useWords() {
  const language = useThing("/v1/liquid").value;
  const names = (list) => list?.map(({ name }) => name) ?? [];
  return { language, secrets: names(useThing("/v1/secrets?limit=100").value?.secrets), snippets: names(useThing("/v1/snippets?limit=100").value?.snippets) };
}

/** Warns before a reload or a closed tab loses what was typed. */
function useUnsaved(dirty) {
  useEffect(() => {
    const ask = (event) => dirty && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
}
