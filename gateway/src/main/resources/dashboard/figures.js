// How an action has been doing: what became of its deliveries, and how receivers answered, by hour or by day.
import { html, useEffect, useSignal } from "./vendor/ui.js";
import { useThing } from "./data.js";
import { count, percent } from "./format.js";
import { Loading, Trouble } from "./parts.js";

const PERIODS = { hour: "24 hours", day: "30 days" };
const EVERY_MS = 10_000;

/** What counts in a period, and its colour. */
const PARTS = [["sent", "good"], ["attempted", "warn"], ["failed", "bad"]];
const NAMES = { sent: "sent", attempted: "to be retried", failed: "failed" };
const OTHERS = { drafted: "drafted", aborted: "aborted", skipped: "skipped", cancelled: "cancelled", conversion: "counted as conversions" };
const CLASSES = { "2xx": "good", "3xx": "warn", "4xx": "bad", "5xx": "bad", none: "bad" };
const named = (answers) => (answers === "none" ? "no answer" : answers);

export function Figures({ id }) {
  const period = useSignal("hour");
  const { value, refusal, again } = useThing(`/v1/actions/${encodeURIComponent(id)}/metrics?period=${period.value}`);
  useEffect(() => {
    const timer = setInterval(again, EVERY_MS);
    return () => clearInterval(timer);
  }, [period.value]);
  return html`<section class="panel" aria-labelledby="figures">
    <div class="panel-head"><h2 id="figures">How it has been doing</h2>
      <label class="inline">In the last <select value=${period.value} onChange=${(event) => (period.value = event.target.value)}>
        ${Object.entries(PERIODS).map(([name, label]) => html`<option value=${name} selected=${name === period.value}>${label}</option>`)}</select></label></div>
    ${value ? html`<${Shown} value=${value} />` : refusal ? html`<${Trouble} refusal=${refusal} again=${again} />` : html`<${Loading} />`}
  </section>`;
}

const attempts = (figures) => PARTS.reduce((all, [name]) => all + figures[name], 0);

function Shown({ value: { total, periods, period } }) {
  const others = Object.keys(OTHERS).filter((name) => total[name] > 0);
  if (attempts(total) + others.length === 0) return html`<p class="quiet">Nothing was delivered in this time. What is sent, retried and failed shows here, and what receivers answered.</p>`;
  const answers = Object.keys(CLASSES).filter((name) => total.answers[name] > 0);
  return html`<div class="figures-of">
    <div class="wire"><dl class="facts">
        ${PARTS.map(([name, tone]) => html`<div><dt class="key ${tone}">${NAMES[name]}</dt><dd>${count(total[name])}</dd></div>`)}
        <div><dt>successful</dt><dd>${percent(attempts(total) ? total.sent / attempts(total) : null)}</dd></div>
        ${others.map((name) => html`<div><dt>${OTHERS[name]}</dt><dd>${count(total[name])}</dd></div>`)}
      </dl>
      <p class="row"><span class="hint">Answers</span>${answers.map((name) => html`<span class="state ${CLASSES[name]}">${named(name)} ${count(total.answers[name])}</span>`)}</p></div>
    <${Bars} periods=${periods} period=${period} />
  </div>
  <${Table} periods=${periods.filter((figures) => attempts(figures) > 0)} period=${period} />`;
}

const WIDTH = 20;
const HEIGHT = 72;
const WHEN = {
  hour: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }),
  // Days are those of UTC.
  day: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
};

/** One bar a period, what went well at its foot; each says its figures on hover. */
function Bars({ periods, period }) {
  const most = Math.max(1, ...periods.map(attempts));
  const bar = (figures, i) => {
    let top = HEIGHT;
    return PARTS.filter(([name]) => figures[name] > 0).map(([name, tone]) => {
      const height = Math.max(1, (figures[name] / most) * HEIGHT);
      top -= height;
      return html`<rect class=${tone} x=${i * WIDTH + 2} y=${top} width=${WIDTH - 4} height=${height} />`;
    });
  };
  const said = (figures) => `${WHEN[period].format(figures.at)}: ${PARTS.map(([name]) => `${count(figures[name])} ${NAMES[name]}`).join(", ")}`;
  return html`<figure class="bars">
    <svg viewBox="0 0 ${periods.length * WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Attempts by ${period}, at most ${count(most)}">
      ${periods.map((figures, i) => html`<g key=${figures.at}><title>${said(figures)}</title><rect class="ground" x=${i * WIDTH} y="0" width=${WIDTH} height=${HEIGHT} />${bar(figures, i)}</g>`)}</svg>
    <figcaption class="hint"><span>${WHEN[period].format(periods[0].at)}</span><span>most in one ${period}: ${count(most)}</span><span>now</span></figcaption>
  </figure>`;
}

/** The same in numbers, latest first. */
const Table = ({ periods, period }) => html`<details><summary class="hint">By ${period} in numbers</summary>
  <div class="scroll"><table><thead><tr><th>From</th>${PARTS.map(([name]) => html`<th class="n">${NAMES[name]}</th>`)}${Object.keys(CLASSES).map((name) => html`<th class="n">${named(name)}</th>`)}</tr></thead>
    <tbody>${[...periods].reverse().map((figures) => html`<tr key=${figures.at}><td>${WHEN[period].format(figures.at)}</td>
      ${PARTS.map(([name]) => html`<td class="n">${count(figures[name])}</td>`)}${Object.keys(CLASSES).map((name) => html`<td class="n">${count(figures.answers[name])}</td>`)}</tr>`)}</tbody></table></div>
</details>`;
