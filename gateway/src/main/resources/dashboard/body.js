// The body of an action: as text, or one that is a form as its parameters.
import { html, useSignal } from "./vendor/ui.js";
import { Editor } from "./editor.js";
import { isForm, rowsOf, textOf } from "./formbody.js";

/** @param change is told the text from now on */
export function Body({ headers, body, words, problems, change }) {
  const asText = useSignal(false);
  const kept = useSignal({ text: "", rows: [] });
  const form = isForm(headers);
  const read = form ? (kept.value.text === body ? kept.value : rowsOf(body)) : null;
  const rows = form && !asText.value && read.rows;
  const text = html`<${Editor} label="Body" rows=${form ? 4 : 10} value=${body} words=${words} problems=${problems} onChange=${change} />`;
  if (!form) return text;
  const set = (next) => {
    kept.value = { text: textOf(next), rows: next };
    change(kept.value.text);
  };
  const choice = (name, chosen, choose, why) => html`<button type="button" class="small" aria-pressed=${chosen} disabled=${Boolean(why)} onClick=${choose}>${name}</button>`;
  return html`<div class="row choice" role="group" aria-label="Show the body as">${choice("Parameters", Boolean(rows), () => (asText.value = false), read.reason)}${choice("Text", !rows, () => (asText.value = true))}
      ${read.reason && html`<span class="hint">Cannot be shown as parameters: ${read.reason}.</span>`}</div>
    ${rows ? html`<${Rows} rows=${rows} words=${words} set=${set} />` : text}`;
}

function Rows({ rows, words, set }) {
  const edit = (i, name, value) => rows[i][name] !== value && set(rows.map((row, at) => (at === i ? { ...row, [name]: value, source: undefined } : row)));
  return html`${rows.map((row, i) => html`<div class="pair" key=${i}>
      <input class="mono" aria-label="parameter ${i + 1}" value=${row.name} placeholder="name" onInput=${(event) => edit(i, "name", event.target.value)} />
      <${Editor} label="value of parameter ${i + 1}" single words=${words} value=${row.value} onChange=${(value) => edit(i, "value", value)} />
      <button type="button" class="small" aria-label="Remove parameter ${row.name || i + 1}" onClick=${() => set(rows.filter((_, at) => at !== i))}>Remove</button></div>`)}
    <div class="row"><button type="button" class="small" onClick=${() => set([...rows, { name: "", value: "" }])}>Add parameter</button><span class="hint">Names and values are encoded for you, what templates print too.</span></div>`;
}
