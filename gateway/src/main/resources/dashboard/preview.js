// What an action would send for a sample person, a moment after the last keystroke.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { call } from "./api.js";
import { State, Text, Trouble } from "./parts.js";
import { RequestView } from "./request.js";
import { rememberSample } from "./sample.js";

const PAUSE_MS = 350;

/** What the gateway makes of the action and the sample; `data` is the sample as it is now, while it cannot be read as it was before. */
export function usePreview(action, sample) {
  const preview = useSignal({ request: null, errors: [], warnings: [], missing: [], sampleError: "" });
  const data = parsed(sample);
  const known = useRef(null);
  known.current = data.value ?? known.current;
  useEffect(() => {
    if (data.error) {
      preview.value = { ...preview.value, sampleError: data.error };
      return;
    }
    const abort = new AbortController();
    const ask = async () => {
      // Raw text: the digits of numbers stay as they are written.
      const body = `{"action":${JSON.stringify(action)},"data":${sample}}`;
      const next = { sampleError: "", refusal: null, errors: [], warnings: [], missing: [], aborted: "" };
      try {
        preview.value = { ...next, ...(await call("POST", "/v1/preview", body, { signal: abort.signal })) };
        rememberSample(sample);
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
  return { ...preview.value, data: known.current };
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { value } : { error: "Give a JSON object." };
  } catch (malformed) {
    return { error: malformed.message };
  }
}

export function Preview({ preview }) {
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
