// Drafts wait for a person: look, then send or discard, one or many, by mouse or keyboard.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { post } from "./api.js";
import { Listing, useList, useThing } from "./data.js";
import { Act, confirm, tell, tellRefusal } from "./buttons.js";
import { Change } from "./diff.js";
import { plural } from "./format.js";
import { Empty, Heading, Loading, Text, Time, Trouble, Typed } from "./parts.js";
import { RequestView } from "./request.js";

/** As many as one call takes. */
const MOST = 100;

export default function Drafts({ query }) {
  const list = useList("/v1/drafts", { action: query.action, limit: MOST }, "drafts");
  const filter = (event) => (location.hash = event.target.value.trim() ? `#/drafts?action=${encodeURIComponent(event.target.value.trim())}` : "#/drafts");
  return html`<${Heading} title="Drafts">
      <label class="inline">Action <${Typed} value=${query.action ?? ""} placeholder="any" change=${filter} /></label>
      <button type="button" onClick=${list.reload}>Reload</button>
    <//>
    <${Listing} list=${list} empty=${html`<section class="panel"><${Empty} title="No draft waits.">
        An action whose sending is <em>draft</em>, or a job with <code>draft 1</code>, is rendered and held here until somebody decides.<//></section>`}>
      <${Review} rows=${list.rows ?? []} drop=${list.drop} />
    <//>`;
}

function Review({ rows, drop }) {
  const at = useSignal(0);
  const chosen = useSignal(new Set());
  const current = rows[Math.min(at.value, rows.length - 1)];
  const ids = () => (chosen.value.size > 0 ? rows.map((row) => row.id).filter((id) => chosen.value.has(id)) : [current.id]);

  const toggle = (id) => {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  const decided = (gone, text) => {
    drop((row) => gone.includes(row.id));
    chosen.value = new Set();
    tell(text);
  };
  const deciding = useRef(false);
  const alone = (work) => async () => {
    if (deciding.current) return;
    deciding.current = true;
    await work().finally(() => (deciding.current = false));
  };
  const send = alone(async () => {
    const list = ids();
    const { sent } = await post("/v1/drafts/send", { ids: list });
    decided(list, `${plural(sent, "draft")} sent.`);
  });
  const discard = alone(async () => {
    const list = ids();
    const yes = await confirm({ title: `Discard ${plural(list.length, "draft")}?`, text: "Nothing is sent, and the person moves on as after a failure.", verb: "Discard", keep: "Keep" });
    if (!yes) return;
    const { discarded } = await post("/v1/drafts/discard", { ids: list });
    decided(list, `${plural(discarded, "draft")} discarded.`);
  });
  useKeys({
    j: () => (at.value = Math.min(at.value + 1, rows.length - 1)),
    k: () => (at.value = Math.max(at.value - 1, 0)),
    x: () => toggle(current.id),
    s: () => send().catch(tellRefusal),
    d: () => discard().catch(tellRefusal),
  });
  const which = chosen.value.size > 0 ? `${chosen.value.size} chosen` : "this one";
  return html`<div class="review">
    <section class="panel list"><p class="hint"><kbd>j</kbd> <kbd>k</kbd> move, <kbd>x</kbd> choose, <kbd>s</kbd> send, <kbd>d</kbd> discard</p>
      <ul>${rows.map((row, i) => html`<${Line} key=${row.id} row=${row} open=${row === current} chosen=${chosen.value.has(row.id)}
        look=${() => (at.value = i)} toggle=${() => toggle(row.id)} />`)}</ul></section>
    <section class="panel">
      <div class="panel-head"><div><h2><a href="#/deliveries/${current.id}"><${Text} value=${current.id} /></a></h2>
          <p class="quiet"><a href="#/actions/${current.action ?? current.lane}"><${Text} value=${current.action ?? current.lane} /></a>, drafted <${Time} at=${current.updated_at} /></p></div>
        <div class="actions"><${Act} work=${discard} tone="danger">Discard ${which}<//><${Act} work=${send} tone="primary">Send ${which}<//></div></div>
      ${current.request && html`<${RequestView} request=${current.request} />`}
      <${Since} key=${current.id} draft=${current} />
    </section>
  </div>`;
}

/** What would be sent now instead; asked for again when the list is. */
function Since({ draft }) {
  const { value, refusal, again } = useThing(`/v1/drafts/${encodeURIComponent(draft.id)}`, [draft]);
  return html`<section class="since" aria-labelledby="since"><h2 id="since">Changed since it was made</h2>
    <p class="hint">Sending renders it anew, with the template and the person of that moment.</p>
    ${refusal ? html`<${Trouble} refusal=${refusal} again=${again} />` : value ? html`<${Changes} list=${value.changes} problem=${value.problem} />` : html`<${Loading} />`}
  </section>`;
}

function Changes({ list, problem }) {
  if (problem) return html`<p>It would not be sent now: <${Text} value=${problem} /></p>`;
  if (list.length === 0) return html`<p>Nothing: what you see is what would be sent now.</p>`;
  return list.map((one) => html`<${Change} name=${one.field} before=${shown(one.was)} after=${shown(one.now)} />`);
}

/** A field of a request as lines: headers are a list. */
const shown = (value) => (Array.isArray(value) ? value.map((header) => `${header.name}: ${header.value}`).join("\n") : (value ?? ""));

function Line({ row, open, chosen, look, toggle }) {
  const line = useRef(null);
  useEffect(() => open && line.current.scrollIntoView({ block: "nearest" }), [open]);
  return html`<li ref=${line} class=${open ? "open" : ""}>
    <input type="checkbox" aria-label="Choose ${row.id}" checked=${chosen} onChange=${toggle} />
    <button type="button" class="plain" aria-current=${open ? "true" : null} onClick=${look}><${Text} value=${row.id} /><span class="quiet"><${Text} value=${row.action ?? row.lane} />, <${Time} at=${row.updated_at} /></span></button>
  </li>`;
}

/** Single keys, unless somebody writes or answers a question. */
function useKeys(keys) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event) => {
      const writes = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
      const act = latest.current[event.key];
      if (writes || !act || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
