// What changed between two texts, line by line.
import { html } from "./vendor/ui.js";
import { Text } from "./parts.js";

/** Beyond this many pairs of lines a text is shown as replaced whole. */
const MOST_PAIRS = 4_000_000;

/** Lines with " ", "-" or "+" before them: the longest common lines stay. */
export function diff(before, after) {
  const a = before.split("\n");
  const b = after.split("\n");
  if (a.length * b.length > MOST_PAIRS) return [...a.map((line) => ["-", line]), ...b.map((line) => ["+", line])];
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const same = i < a.length && j < b.length && a[i] === b[j];
    if (same) {
      lines.push([" ", a[i++]]);
      j++;
    } else if (j === b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) {
      lines.push(["-", a[i++]]);
    } else {
      lines.push(["+", b[j++]]);
    }
  }
  return lines;
}

const NAMES = { "-": "removed", "+": "added", " ": "same" };

const Diff = ({ before, after }) => html`<pre class="diff" tabindex="0">${diff(before, after).map(([sign, line]) => html`<span class=${NAMES[sign]}>${sign} <${Text} value=${line} />${"\n"}</span>`)}</pre>`;

/** One named thing that changed. */
export const Change = ({ name, before, after }) => html`<div><h3><${Text} value=${name} /></h3><${Diff} before=${before} after=${after} /></div>`;
