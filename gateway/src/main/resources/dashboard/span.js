// The last hours and days, from the figures that all gateways keep together.
import { html, useEffect } from "./vendor/ui.js";
import { withQuery } from "./api.js";
import { useThing } from "./data.js";
import { count, duration, percent, plural } from "./format.js";
import { skew, state } from "./live.js";
import { Field, Loading, Trouble, Typed } from "./parts.js";

const EVERY_MS = 10_000;

/** What counts in a period, and its colour; what went well stands at the foot. */
const PARTS = [["sent", "good", "delivered"], ["attempted", "warn", "to be retried"], ["failed", "bad", "failed"]];
const TIMES = ["p50", "p95", "p99"];
const CLASSES = { "2xx": "good", "3xx": "warn", "4xx": "bad", "5xx": "bad", none: "bad" };
const LENGTHS = { "15m": "15 minutes", "24h": "24 hours", "7d": "7 days" };
const STEPS = { "15m": "minute", "24h": "hour", "7d": "six hours" };
/** Which periods are named below the chart: every third minute, every fourth hour, every day. */
const LABELLED = { "15m": 3, "24h": 4, "7d": 4 };

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DATE = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const LONG = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** The zone that times are shown in, with how far it is from UTC now. */
function zone() {
  const minutes = -new Date().getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = minutes === 0 ? "" : ` (UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""})`;
  return Intl.DateTimeFormat().resolvedOptions().timeZone + offset;
}

const attempts = (figures) => PARTS.reduce((all, [name]) => all + figures[name], 0);
const share = (figures) => (attempts(figures) ? figures.sent / attempts(figures) : null);

export default function Span({ span, action = "" }) {
  const { value, refusal, again } = useThing(withQuery("/v1/figures", { span, action }));
  useEffect(() => {
    const timer = setInterval(again, EVERY_MS);
    return () => clearInterval(timer);
  }, [span, action]);
  return html`${span !== "15m" && html`<${Choice} span=${span} action=${action} />`}
    ${value ? html`<${Shown} value=${value} />` : refusal ? html`<${Trouble} refusal=${refusal} again=${again} />` : html`<${Loading} />`}`;
}

/** One action, or all of them; it stands in the address, like the span. */
function Choice({ span, action }) {
  const choose = (event) => (location.hash = withQuery("#/", { span, action: event.target.value.trim() }));
  return html`<div class="filters"><${Field} label="Action">
      <${Typed} value=${action} change=${choose} list="lanes" placeholder="all of them" /><//>
    <datalist id="lanes">${state.value?.lanes.map((lane) => html`<option value=${lane.name} />`)}</datalist>
    ${action && html`<a class="button" href=${withQuery("#/", { span })}>All actions</a>`}</div>`;
}

function Shown({ value }) {
  const { span, total, periods } = value;
  const known = periods.filter((period) => period.figures);
  const answers = Object.keys(CLASSES).filter((name) => total.answers[name] > 0);
  return html`<dl class="figures">
      <${Figure} name="Delivered" value=${count(total.sent)} note="in the last ${LENGTHS[span]}" />
      <${Figure} name="Success" value=${percent(share(total))} note="of ${plural(attempts(total), "attempt")}" tone=${share(total) !== null && share(total) < 0.9 ? "bad" : ""} />
      <${Figure} name="To be retried" value=${count(total.attempted)} note="attempts tried again" />
      <${Figure} name="Failed" value=${count(total.failed)} note="for good" tone=${total.failed > 0 ? "bad" : ""} />
      <${Figure} name="Answer time p99" value=${duration(total.p99_ms)} note=${`p50 ${duration(total.p50_ms)} · p95 ${duration(total.p95_ms)}`} />
    </dl>
    <section class="charts spans-of" aria-label="The last ${LENGTHS[span]}">
      <${Graph} value=${value} title="Attempts per ${STEPS[span]}" top=${(figures) => attempts(figures)} show=${count} draw=${Stack}
        keys=${PARTS.map(([name, tone, label]) => [label, tone, count(total[name])])} />
      <${Graph} value=${value} title="Receivers' answer time" top=${(figures) => figures.p99_ms ?? 0} show=${duration} draw=${Steps}
        keys=${TIMES.map((name) => [name, name, duration(total[`${name}_ms`])])} />
    </section>
    <section class="panel">
      ${answers.length > 0 && html`<p class="row"><span class="hint">Answers</span>${answers.map((name) => html`<span class="state ${CLASSES[name]}">${name === "none" ? "no answer" : name} ${count(total.answers[name])}</span>`)}</p>`}
      <p class="quiet">Of all gateways together. Times are those of ${zone()}; the last ${STEPS[span]} still runs.
        ${known.length < periods.length && html` Of ${plural(periods.length - known.length, "period")} nothing is known: no gateway ran, or it kept no figures yet.`}</p>
      <${Table} value=${value} />
    </section>`;
}

const Figure = ({ name, value, note, tone = "" }) => html`<div class="figure ${tone}"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;

const WIDTH = 20;
const HEIGHT = 110;

function said(period, what) {
  const when = LONG.format(period.at - skew.value);
  return period.figures ? `${when}: ${what(period.figures)}` : `${when}: nothing known`;
}

const words = (figures) => `${PARTS.map(([name, , label]) => `${count(figures[name])} ${label}`).join(", ")}; p50 ${duration(figures.p50_ms)}, p95 ${duration(figures.p95_ms)}, p99 ${duration(figures.p99_ms)}`;

/** A column a period; those of which nothing is known are hatched. */
function Graph({ value: { span, periods }, title, top, show, draw, keys }) {
  const most = Math.max(1, ...periods.filter((period) => period.figures).map((period) => top(period.figures)));
  const gaps = periods.some((period) => !period.figures);
  const label = (at, i) => {
    const local = at - skew.value;
    if (i % LABELLED[span] !== 0) return "";
    return span === "7d" ? DATE.format(local) : CLOCK.format(local);
  };
  return html`<figure class="chart">
    <figcaption><h3>${title}</h3><span class="keys">
      ${keys.map(([name, tone, sum]) => html`<span class="key ${tone}">${name} <b>${sum}</b></span>`)}${gaps && html`<span class="key unknown">not known</span>`}</span></figcaption>
    <div class="columns"><span class="hint most">${show(most)}</span>
      <svg viewBox="0 0 ${periods.length * WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}, at most ${show(most)}">
        ${periods.map((period, i) => html`<g key=${period.at} transform="translate(${i * WIDTH} 0)"><title>${said(period, words)}</title>
          <rect class=${period.figures ? "ground" : "unknown"} x=${period.figures ? 0 : 1} y="0" width=${period.figures ? WIDTH : WIDTH - 2} height=${HEIGHT} />
          ${period.figures && draw(period.figures, most)}</g>`)}</svg>
      <div class="ticks hint" style=${`grid-template-columns: repeat(${periods.length}, minmax(0, 1fr))`} aria-hidden="true">${periods.map((period, i) => html`<span>${label(period.at, i)}</span>`)}</div></div>
  </figure>`;
}

function Stack(figures, most) {
  let top = HEIGHT;
  return PARTS.filter(([name]) => figures[name] > 0).map(([name, tone]) => {
    const height = Math.max(1, (figures[name] / most) * (HEIGHT - 4));
    top -= height;
    return html`<rect class=${tone} x="2" y=${top} width=${WIDTH - 4} height=${height} />`;
  });
}

const Steps = (figures, most) => TIMES.filter((name) => figures[`${name}_ms`] !== null).map((name) => {
  const y = HEIGHT - 1.5 - (figures[`${name}_ms`] / most) * (HEIGHT - 5);
  return html`<line class=${name} x1="1" x2=${WIDTH - 1} y1=${y} y2=${y} />`;
});

/** The same in numbers, latest first. */
const Table = ({ value: { span, periods } }) => html`<details><summary class="hint">By ${STEPS[span]} in numbers</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="By ${STEPS[span]} in numbers"><table><thead><tr><th>From</th>${PARTS.map(([, , label]) => html`<th class="n">${label}</th>`)}<th class="n">success</th>${TIMES.map((name) => html`<th class="n">${name}</th>`)}</tr></thead>
    <tbody>${[...periods].reverse().map(({ at, figures }) => html`<tr key=${at}><td>${LONG.format(at - skew.value)}</td>
      ${figures
        ? html`${PARTS.map(([name]) => html`<td class="n">${count(figures[name])}</td>`)}<td class="n">${percent(share(figures))}</td>${TIMES.map((name) => html`<td class="n">${duration(figures[`${name}_ms`])}</td>`)}`
        : html`<td class="quiet" colspan="7">nothing known</td>`}</tr>`)}</tbody></table></div>
</details>`;
