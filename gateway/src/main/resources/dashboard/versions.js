// What an action was, and what changed between two of its versions.
import { html, useSignal } from "./vendor/ui.js";
import { useThing } from "./data.js";
import { Act, confirm, tell } from "./buttons.js";
import { Change } from "./diff.js";
import { put } from "./api.js";
import { Heading, Loading, Time, Trouble } from "./parts.js";

const STAMPS = ["id", "version", "created_at", "updated_at", "warnings"];

/** What makes an action, without what the gateway adds to it. */
export const definition = (action) => Object.fromEntries(Object.entries(action).filter(([field]) => !STAMPS.includes(field)));

const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function Versions({ id }) {
  const { value, refusal, again } = useThing(`/v1/actions/${encodeURIComponent(id)}/versions`);
  const picked = useSignal({});
  const back = { href: `#/actions/${id}`, label: "Back to the composer" };
  if (!value) return html`<${Heading} title="Versions of ${id}" back=${back} />${refusal ? html`<${Trouble} refusal=${refusal} again=${again} />` : html`<${Loading} />`}`;
  const versions = value.versions;
  const after = versions.find((one) => one.version === picked.value.after) ?? versions[0];
  const before = versions.find((one) => one.version === picked.value.before) ?? versions[versions.indexOf(after) + 1] ?? after;
  const pick = (side) => (event) => (picked.value = { before: before.version, after: after.version, [side]: Number(event.target.value) });
  const restore = async () => {
    if (!(await confirm({ title: `Make version ${before.version} the current one?`, text: "It is saved as a new version; jobs that were sent already keep what they were sent with.", verb: "Restore", tone: "primary" }))) return;
    const saved = await put(`/v1/actions/${encodeURIComponent(id)}`, definition(before));
    tell(`Saved as version ${saved.version}.`);
    again();
  };
  return html`<${Heading} title="Versions of ${id}" back=${back}>
      <${Act} work=${restore} disabled=${before === versions[0]}>Restore version ${before.version}<//>
    <//>
    <section class="panel">
      <div class="row"><label class="inline">From <${Choice} versions=${versions} value=${before.version} change=${pick("before")} label="From version" /></label>
        <label class="inline">to <${Choice} versions=${versions} value=${after.version} change=${pick("after")} label="To version" /></label></div>
      <${Changes} before=${before} after=${after} />
    </section>`;
}

const Choice = ({ versions, value, change, label }) => html`<select aria-label=${label} value=${value} onChange=${change}>
  ${versions.map((one) => html`<option value=${one.version} selected=${one.version === value}>version ${one.version}</option>`)}
</select>`;

function Changes({ before, after }) {
  const fields = Object.keys(definition(after)).filter((field) => shown(before[field]) !== shown(after[field]));
  return html`<p class="quiet">Version ${after.version} was saved <${Time} at=${after.updated_at} />.</p>
    ${fields.length === 0 && html`<p>Nothing differs.</p>`}
    ${fields.map((field) => html`<${Change} name=${field} before=${shown(before[field])} after=${shown(after[field])} />`)}`;
}
