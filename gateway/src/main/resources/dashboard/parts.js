// The small pieces that all pages are made of. Data only ever becomes text nodes.
import { html, signal, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { get, withQuery } from "./api.js";
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

/** A list that is fetched page by page. `changed` lets the page change rows in place. */
export function useList(path, query, name) {
  const list = useSignal({ rows: null, cursor: null, refusal: null });
  const address = withQuery(path, query);
  const load = async (cursor) => {
    try {
      const page = await get(withQuery(path, { ...query, cursor }));
      const before = cursor ? list.value.rows : [];
      list.value = { rows: [...before, ...page[name]], cursor: page.cursor ?? null, refusal: null };
    } catch (refusal) {
      list.value = { ...list.value, refusal };
    }
  };
  useEffect(() => {
    list.value = { rows: null, cursor: null, refusal: null };
    load();
  }, [address]);
  return {
    ...list.value,
    reload: () => load(),
    more: () => load(list.value.cursor),
    drop: (gone) => (list.value = { ...list.value, rows: list.value.rows.filter((row) => !gone(row)) }),
  };
}

/** The states every list has: loading, refused, empty, and more of it. */
export function Listing({ list, empty, children }) {
  if (list.refusal) return html`<${Trouble} refusal=${list.refusal} again=${list.reload} />`;
  if (list.rows === null) return html`<${Loading} />`;
  if (list.rows.length === 0) return empty;
  return html`${children}${list.cursor && html`<p><button onClick=${list.more}>Show more</button></p>`}`;
}

/** One thing that is fetched; `again` fetches it anew. */
export function useThing(path, dependencies = []) {
  const thing = useSignal({ value: null, refusal: null });
  const load = async () => {
    try {
      thing.value = { value: await get(path), refusal: null };
    } catch (refusal) {
      thing.value = { ...thing.value, refusal };
    }
  };
  useEffect(() => {
    thing.value = { value: null, refusal: null };
    load();
  }, [path, ...dependencies]);
  return { ...thing.value, again: load, set: (value) => (thing.value = { value, refusal: null }) };
}

/** A thing that is fetched again and again until it has ended. */
export function useCourse(path, ended, every = 2_000) {
  const thing = useThing(path);
  useEffect(() => {
    if (!thing.value || ended(thing.value)) return;
    const timer = setTimeout(async () => {
      const next = await get(path).catch(() => ({ ...thing.value }));
      thing.set(next);
    }, every);
    return () => clearTimeout(timer);
  }, [thing.value]);
  return thing;
}

/** A button that is busy while its work runs and shows what the work was refused with. */
export function Act({ work, children, tone = "", ...rest }) {
  const busy = useSignal(false);
  const act = async () => {
    busy.value = true;
    try {
      await work();
    } catch (refusal) {
      tell(refusal.message + (refusal.advice ? ` ${refusal.advice}` : ""), "bad");
    }
    busy.value = false;
  };
  return html`<button type="button" class=${tone} disabled=${busy.value} aria-busy=${busy.value} onClick=${act} ...${rest}>${children}</button>`;
}

const question = signal(null);
const notices = signal([]);

/** A question before something that cannot be taken back. Answers true or false. */
export function confirm({ title, text, verb, keep = "Cancel", tone = "danger" }) {
  return new Promise((resolve) => (question.value = { title, text, verb, keep, tone, resolve }));
}

export function Questions() {
  const dialog = useRef(null);
  const asked = question.value;
  useEffect(() => {
    if (asked) dialog.current.showModal();
  }, [asked]);
  const answer = (yes) => {
    dialog.current.close();
    question.value = null;
    asked.resolve(yes);
  };
  return html`<dialog ref=${dialog} aria-labelledby="question" onCancel=${(event) => (event.preventDefault(), answer(false))}>
    ${asked && html`<h2 id="question">${asked.title}</h2><p>${asked.text}</p>
      <div class="actions"><button type="button" onClick=${() => answer(false)}>${asked.keep}</button>
      <button type="button" class=${asked.tone} autofocus onClick=${() => answer(true)}>${asked.verb}</button></div>`}
  </dialog>`;
}

/** Says at the edge of the page what was done. */
export function tell(text, tone = "good") {
  const notice = { text, tone };
  notices.value = [...notices.value, notice];
  setTimeout(() => (notices.value = notices.value.filter((one) => one !== notice)), tone === "bad" ? 12_000 : 5_000);
}

export const Notices = () => html`<div class="notices" role="status" aria-live="polite">
  ${notices.value.map((notice) => html`<p class="notice ${notice.tone}"><${Text} value=${notice.text} /></p>`)}
</div>`;

/** A label, its control and, when it is refused, why. */
export const Field = ({ label, hint, errors = [], children }) => html`<label class="field">
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
