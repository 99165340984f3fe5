// Charts of the last 15 minutes, drawn by uPlot on canvas; their numbers are also text beside them.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { uPlot } from "./vendor/chart.js";
import { clockTime, count, duration } from "./format.js";
import { skew } from "./live.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The element's plot, as wide as the element, made anew when the theme changes. `options` is a function of the width. */
function usePlot(options, data) {
  const place = useRef(null);
  const plot = useRef(null);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const element = place.current;
    // Effects come a frame late: the page may be another by then.
    if (!element) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element.clientWidth), latest.current, element);
    };
    make();
    const resized = new ResizeObserver(() => plot.current.setSize({ width: element.clientWidth, height: plot.current.height }));
    resized.observe(element);
    dark.addEventListener("change", make);
    return () => {
      dark.removeEventListener("change", make);
      resized.disconnect();
      plot.current.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [data]);
  return place;
}

/** Whole minutes only: the labels have no seconds. */
const MINUTES = [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * 60);

function axes(show) {
  const plain = { stroke: colour("quiet"), font: "11px Inter, system-ui, sans-serif", ticks: { show: false } };
  return [
    { ...plain, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => clockTime(tick * 1000)), incrs: MINUTES, space: 60, size: 24 },
    { ...plain, grid: { stroke: colour("line"), width: 1 }, values: (_, ticks) => ticks.map((tick) => show(tick)), size: 58, space: 26 },
  ];
}

const fromZero = { range: (_, low, high) => [0, Math.max(high ?? 0, 1) * 1.08] };

export function Chart({ title, columns, lines }) {
  const hovered = useSignal(null);
  const data = [columns.at.map((at) => (at - skew.value) / 1000), ...lines.map((line) => columns[line.column])];
  const options = (width) => ({
    width,
    height: 140,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { range: (_, low, high) => [Math.min(low, high - 60), high] }, y: fromZero },
    axes: axes(lines[0].show),
    series: [{}, ...lines.map((line) => ({
      label: line.label, stroke: colour(line.colour), width: 1.5, points: { show: false },
      fill: line.fill ? `${colour(line.colour)}22` : undefined,
    }))],
    hooks: { setCursor: [(plot) => (hovered.value = plot.cursor.idx ?? null)] },
  });
  const place = usePlot(options, data);
  const at = hovered.value ?? columns.at.length - 1;
  return html`<figure class="chart">
    <figcaption><h3>${title}</h3><span class="keys">
      ${lines.map((line) => html`<span class="key ${line.colour}">${line.label} <b>${line.show(columns[line.column][at])}</b></span>`)}
    </span></figcaption>
    <div class="plot" ref=${place} role="img" aria-label="${title}, the last 15 minutes"></div>
  </figure>`;
}

const POWERS = [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/** Waiting jobs by the minute in which they come due. */
export function DueChart({ schedule }) {
  const hovered = useSignal(null);
  const start = schedule.at - skew.value;
  const data = [schedule.minutes.map((_, minute) => (start + minute * 60_000) / 1000), schedule.minutes];
  const options = (width) => ({
    width,
    height: 160,
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    // A few minutes often hold most jobs: steps of ten let the others be seen.
    scales: { y: { distr: 4, asinh: 1, range: (_, low, high) => [0, Math.max(high ?? 0, 10) * 1.2] } },
    axes: axes(count).map((axis, i) => (i ? { ...axis, splits: (_, axisIndex, low, high) => POWERS.filter((power) => power <= high) } : axis)),
    series: [{}, { stroke: colour("hold"), fill: colour("hold"), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.8, 12], align: 1 }) }],
    hooks: { setCursor: [(plot) => (hovered.value = plot.cursor.idx ?? null)] },
  });
  const place = usePlot(options, data);
  const minute = hovered.value;
  return html`<figure class="chart">
    <div class="plot" ref=${place} role="img" aria-label="Jobs by the minute they come due, over three hours"></div>
    <figcaption class="quiet">${minute === null
      ? `${count(schedule.minutes[0])} in the next minute. Retries wait here; each bar is a minute.`
      : `${count(schedule.minutes[minute])} come due in ${minute === 0 ? "the next minute" : duration(minute * 60_000)}, at ${clockTime(start + minute * 60_000)}`}</figcaption>
  </figure>`;
}

const WIDTH = 120;
const HEIGHT = 24;

/** Attempts of 15 minutes as bars: what failed stands on top, in its colour. */
export function Spark({ good, bad }) {
  const most = Math.max(1, ...good.map((n, i) => n + bad[i]));
  const step = WIDTH / Math.max(1, good.length);
  const bar = (n, below, i, name) => n > 0 && html`<rect class=${name} x=${i * step} width=${step - 1}
    y=${HEIGHT - ((n + below) / most) * HEIGHT} height=${Math.max(1, (n / most) * HEIGHT)} />`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    ${good.map((n, i) => html`${bar(n, 0, i, "good")}${bar(bad[i], n, i, "bad")}`)}
  </svg>`;
}
