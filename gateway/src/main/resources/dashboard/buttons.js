// What pages do: buttons, the questions before what cannot be taken back, and word of what was done.
import { html, signal, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { post, remove } from "./api.js";
import { Text } from "./parts.js";

/** A button that acts once at a time, and tells what its work was refused with. It stays enabled meanwhile: else it would lose the focus. */
export function Act({ work, children, tone = "", ...rest }) {
  const busy = useSignal(false);
  const act = async () => {
    if (busy.value) return;
    busy.value = true;
    try {
      await work();
    } catch (refusal) {
      tellRefusal(refusal);
    }
    busy.value = false;
  };
  return html`<button type="button" class=${tone} aria-busy=${busy.value} onClick=${act} ...${rest}>${children}</button>`;
}

/** Deletes something after a question; `gone` is told when it is. */
export function Remove({ path, label = "Delete", title, text, verb, gone, tone = "danger", ...rest }) {
  const drop = async () => {
    if (!(await confirm({ title, text, verb, keep: "Keep it" }))) return;
    await remove(path);
    gone();
  };
  return html`<${Act} work=${drop} tone=${tone} ...${rest}>${label}<//>`;
}

/** Stops the lane of an action, or lets it go on. */
export function Pause({ id, paused }) {
  const verb = paused ? "Resume" : "Pause";
  const turn = async () => {
    await post(`/v1/actions/${id}/${verb.toLowerCase()}`);
    tell(paused ? `${id} goes on; it gets back to full speed within 10 s.` : `${id} is paused. What waits is kept.`);
  };
  return html`<${Act} work=${turn} tone="small" aria-label="${verb} ${id}">${verb}<//>`;
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

export const tellRefusal = ({ message, advice }) => tell(advice ? `${message} ${advice}` : message, "bad");

export const Notices = () => html`<div class="notices" role="status" aria-live="polite">
  ${notices.value.map((notice) => html`<p class="notice ${notice.tone}"><${Text} value=${notice.text} /></p>`)}
</div>`;
