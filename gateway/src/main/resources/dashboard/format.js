// Numbers and times as people read them.
import { signal } from "./vendor/ui.js";

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const EXACT = new Intl.DateTimeFormat("en-GB", {
  year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});

/** Ticks so that relative times stay true. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);

export const NONE = "–";

export const count = (n) => (n === null || n === undefined ? NONE : n >= 100_000 ? SHORT.format(n) : WHOLE.format(n));
export const rate = (n) => (n === null || n === undefined ? NONE : n >= 100 ? count(n) : ONE.format(n));
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** A share of 1; 99.95 % is not shown as 100 %. */
export function percent(share) {
  if (share === null || Number.isNaN(share)) return NONE;
  const value = share * 100;
  const shown = value > 99 && value < 100 ? Math.floor(value * 10) / 10 : value > 0 && value < 1 ? Math.ceil(value * 10) / 10 : Math.round(value);
  return `${shown} %`;
}

/** A length of time from its milliseconds: 480 ms, 2.3 s, 4 min, 2 h 50 min, 3 d. */
export function duration(ms) {
  if (ms === null || ms === undefined) return NONE;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? ONE.format(s) : Math.round(s)} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} d`;
}

export const exactTime = (ms) => EXACT.format(ms);

export function relativeTime(ms) {
  const away = ms - now.value;
  const length = Math.abs(away) < 1500 ? null : duration(Math.round(Math.abs(away) / 1000) * 1000);
  return length === null ? "now" : away < 0 ? `${length} ago` : `in ${length}`;
}

export const clockTime = (ms) => new Date(ms).toTimeString().slice(0, 5);

/** JSON text with line breaks and two spaces; numbers and their digits stay as they were written. Text that is no JSON comes back unchanged. */
export function prettyJson(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  return text.replace(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|\s+/g, (piece) => {
    if (/^\s/.test(piece)) return "";
    if (piece === "{" || piece === "[") return depth++, piece + line();
    if (piece === "}" || piece === "]") return depth--, line() + piece;
    if (piece === ",") return piece + line();
    if (piece === ":") return ": ";
    return piece.length > 1 && /^[{[]/.test(piece) ? piece.replace(/\s/g, "") : piece;
  });
}

/** The text of one member of a JSON object as it is written, "" when there is none. */
export function memberText(text, name) {
  let [depth, start, before] = [0, -1, ""];
  for (const { 0: piece, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (depth === 1 && start >= 0 && (piece === "," || piece === "}")) return text.slice(start, index).trim();
    if (piece === "{" || piece === "[") depth++;
    if (piece === "}" || piece === "]") depth--;
    if (depth === 1 && piece === ":" && before === `"${name}"`) start = index + 1;
    before = piece;
  }
  return "";
}

/** What stands in a field of hosts; undefined, which JSON leaves out, when nothing does. */
export function hostsOf(text) {
  const hosts = text.split(/[\s,]+/).filter(Boolean);
  return hosts.length > 0 ? hosts : undefined;
}
