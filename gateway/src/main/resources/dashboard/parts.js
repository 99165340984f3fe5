// The small pieces that all pages are made of. Data only ever becomes text nodes.
import { html, useSignal } from "./vendor/ui.js";
import { skew } from "./live.js";
import { exactTime, NONE, relativeTime } from "./format.js";

// Characters that change what is seen without being seen: controls, and marks that turn the direction of writing.
const UNSEEN = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff])/;

/** Somebody else's text, as it is: what cannot be seen is named, what turns around stays inside. */
export function Text({ value }) {
  const pieces = String(value ?? "").split(UNSEEN);
  return html`<bdi>${pieces.map((piece, i) => (i % 2 ? html`<span class="unseen">${codePoint(piece)}</span>` : piece))}</bdi>`;
}

const codePoint = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** A moment of the gateway's clock: relative, exact on hover. */
export function Time({ at }) {
  if (!at) return html`<span class="quiet">${NONE}</span>`;
  const local = at - skew.value;
  return html`<time datetime=${new Date(at).toISOString()} title=${exactTime(local)}>${relativeTime(local)}</time>`;
}

const TONES = {
  sent: "good", sending: "busy", queued: "busy", retrying: "warn", drafted: "hold", failed: "bad",
  aborted: "quiet", skipped: "quiet", cancelled: "quiet", paused: "hold", automatic: "good", draft: "hold", off: "quiet",
};

const ENDED = new Set(["sent", "failed", "aborted", "skipped", "cancelled"]);

/** Whether nothing more becomes of a delivery by itself. */
export const hasEnded = (delivery) => ENDED.has(delivery.state);

/** A state by word and colour. */
export const State = ({ name, tone }) => html`<span class="state ${tone ?? TONES[name] ?? "quiet"}">${name}</span>`;

/** An answer's status by its class. */
export function Status({ code }) {
  if (!code) return html`<span class="state bad">no answer</span>`;
  const tone = code < 300 ? "good" : code < 400 ? "warn" : "bad";
  return html`<span class="state ${tone}">${code}</span>`;
}

/** Why an attempt did not succeed, unless its status says it all. */
export const Reason = ({ code, text }) => text !== `HTTP ${code}` && html`<${Text} value=${text} />`;

/** Nothing here, and what to do about it. */
export const Empty = ({ title, children }) => html`<div class="empty"><p class="lead">${title}</p><p>${children}</p></div>`;

/** What went wrong, everything that did, and what to try. */
export function Trouble({ refusal, again }) {
  if (!refusal) return null;
  return html`<div class="trouble" role="alert">
    <p><strong>${refusal.message}</strong> ${refusal.advice ?? ""}</p>
    ${refusal.errors?.length > 0 && html`<${Problems} list=${refusal.errors} tone="bad" />`}
    ${again && html`<button onClick=${again}>Try again</button>`}
  </div>`;
}

/** Errors or warnings with their places. */
export const Problems = ({ list, tone }) => html`<ul class="problems ${tone}">
  ${list.map((one) => html`<li>
    <code>${one.field || "request"}${one.line ? `:${one.line}:${one.column}` : ""}</code>
    <span><${Text} value=${one.message} />${one.fix && html`<span class="quiet">, <${Text} value=${one.fix} /></span>`}</span>
  </li>`)}
</ul>`;

export const Loading = () => html`<p class="loading" aria-live="polite">Loading</p>`;

export function Heading({ title, children, back }) {
  return html`<header class="heading">
    <div>${back && html`<a class="back" href=${back.href}>${back.label}</a>`}<h1 tabindex="-1"><${Text} value=${title} /></h1></div>
    <div class="actions">${children}</div>
  </header>`;
}

/** A label, its control and, when it is refused, why. */
export const Field = ({ label, hint, errors = [], grow = false, children }) => html`<label class="field ${grow ? "grow" : ""}">
  <span class="label">${label}</span>${children}
  ${hint && html`<span class="hint">${hint}</span>`}
  ${errors.map((one) => html`<span class="error">${one.message}${one.fix && `, ${one.fix}`}</span>`)}
</label>`;

/** Text that is copied with a click. */
export function Copy({ value, label = "Copy" }) {
  const done = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    done.value = true;
    setTimeout(() => (done.value = false), 2000);
  };
  return html`<button type="button" class="small" onClick=${copy}>${done.value ? "Copied" : label}</button>`;
}

/** An input that is read when it is left: until then its text is the typist's, whatever is drawn anew meanwhile. */
export function Typed({ value, change, ...rest }) {
  const typed = useSignal(null);
  const taken = (event) => ((typed.value = null), change(event));
  return html`<input ...${rest} value=${typed.value ?? value} onInput=${(event) => (typed.value = event.target.value)} onChange=${taken} onBlur=${() => (typed.value = null)} />`;
}
