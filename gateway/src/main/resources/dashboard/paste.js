// A pasted curl command becomes the action that is being written: what was understood, what was not, and the way back.
import { html, useSignal } from "./vendor/ui.js";
import { actionOf } from "./curl.js";
import { Text } from "./parts.js";

/** Where the command is pasted, until it is taken. */
export function Paste({ take, close }) {
  const text = useSignal("");
  const { action, refused } = text.value.trim() ? actionOf(text.value) : { action: null, refused: [] };
  const submit = (event) => {
    event.preventDefault();
    if (action) take(text.value);
  };
  return html`<form class="panel" aria-label="Paste a command" onSubmit=${submit}>
    <label class="field"><span class="label">A curl command</span>
      <textarea class="mono" spellcheck="false" autofocus placeholder=${"curl -X POST https://api.example.com/users \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"email\": \"ada@example.com\"}'"} onInput=${(event) => (text.value = event.target.value)}></textarea>
      <span class="hint">It is read here and never run. Method, URL, headers and body of the action become those of the command.</span></label>
    ${refused.length > 0 && html`<div role="alert"><ul class="problems bad">${refused.map((one) => html`<li><code>curl</code><span><${Text} value=${one} /></span></li>`)}</ul></div>`}
    <div class="actions"><button class="primary" disabled=${!action}>Take it over</button><button type="button" onClick=${close}>Cancel</button></div>
  </form>`;
}

/** What became of it: `taken` as `actionOf` answers it. */
export const Taken = ({ taken, undo, close }) => html`<section class="panel made" role="status" aria-label="Taken from a curl command">
  <div class="panel-head"><p>${taken.action ? "Taken from the curl command." : html`<strong>The curl command cannot become an action.</strong>`}</p><div class="actions">${taken.action && html`<button type="button" class="small" onClick=${undo}>Undo</button>`}<button type="button" class="small" onClick=${close}>Close</button></div></div>
  ${[[taken.refused, "bad"], [taken.notes, "warn"]].map(([list, tone]) => list.length > 0 && html`<ul class="problems ${tone}">${list.map((one) => html`<li><code>curl</code><span><${Text} value=${one} /></span></li>`)}</ul>`)}
</section>`;
