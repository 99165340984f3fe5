// A form body as rows: names and values as people read them, encoded on the wire. A row that nobody changed stays as it was written.

const ENCODED = /\s*\|\s*(?:url_encode|cgi_escape)\s*(-?\}\})$/;
const BLOCK = /^\{%-?\s*(end)?(if|unless|case|for|capture|comment|raw|ifchanged)\b/;

export const isForm = (headers) => headers.some(({ name, value }) => /^content-type$/i.test(name.trim()) && /^\s*(?:application\/)?x-www-form-urlencoded\b/i.test(value));

/** @returns `rows` with `name`, `value` and `source`, the text they come from; or `reason`, why the text cannot be rows */
export function rowsOf(text) {
  if (text === "") return { rows: [] };
  const rows = [];
  for (const source of pieces(text)) {
    const problem = unfit(source);
    if (problem) return { reason: problem };
    const [name, value] = halves(source);
    rows.push({ name: decoded(name), value: decoded(value), source });
  }
  return { rows };
}

/** The body that the rows stand for; one that is all empty is not there yet. */
export const textOf = (rows) => rows
  .map(({ name, value, source }) => source ?? (name === "" && value === "" ? null : `${encoded(name)}=${encoded(value)}`))
  .filter((piece) => piece !== null).join("&");

/** What is between Liquid, and Liquid, in turn. One that is never closed is no Liquid, nor is anything behind it. */
function parts(text) {
  const found = [];
  let from = 0;
  const opening = /\{[{%]/g;
  for (let begun = opening.exec(text); begun; begun = opening.exec(text)) {
    const at = begun.index;
    const end = closing(text, at);
    if (end < 0) break;
    found.push(text.slice(from, at), text.slice(at, end));
    from = opening.lastIndex = end;
  }
  return [...found, text.slice(from)];
}

function closing(text, at) {
  const end = text[at + 1] === "{" ? "}}" : "%}";
  for (let i = at + 2, quote = ""; i < text.length; i++) {
    if (quote) quote = text[i] === quote ? "" : quote;
    else if (text[i] === '"' || text[i] === "'") quote = text[i];
    else if (text.startsWith(end, i)) return i + 2;
  }
  return -1;
}

/** Cut at each & that is not in Liquid. */
function pieces(text) {
  const found = [""];
  parts(text).forEach((part, i) => {
    const [first, ...more] = i % 2 ? [part] : part.split("&");
    found[found.length - 1] += first;
    found.push(...more);
  });
  return found;
}

/** At the first = that is not in Liquid. */
function halves(source) {
  let name = "";
  const list = parts(source);
  for (let i = 0; i < list.length; i++) {
    const at = i % 2 ? -1 : list[i].indexOf("=");
    if (at >= 0) return [name + list[i].slice(0, at), list[i].slice(at + 1) + list.slice(i + 1).join("")];
    name += list[i];
  }
  return [name, ""];
}

function unfit(source) {
  const open = [];
  for (const [i, part] of parts(source).entries()) {
    const block = i % 2 && BLOCK.exec(part);
    if (block && block[1] !== "end") open.push(block[2]);
    else if (block && open.pop() !== block[2]) return `{% end${block[2]} %} ends a block that began in another parameter`;
    const escape = !(i % 2) && /%(?![0-9a-fA-F]{2})/.exec(part);
    if (escape) return `${part.slice(escape.index, escape.index + 3)} is no escape: a percent sign is written %25`;
    if (!(i % 2) && /[\r\n]/.test(part)) return "it has line ends in it, which are sent as they stand";
    if (!(i % 2) && readable(part) === null) return `${part.slice(0, 30)} is not UTF-8`;
    if (i % 2 && /[\r\n]/.test(part)) return "a tag or output goes over several lines";
    if (!(i % 2) && /\{[{%]/.test(part)) return "a tag or output is not closed";
  }
  return open.length > 0 ? `{% ${open.at(-1)} %} holds several parameters` : "";
}

function readable(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

const decoded = (text) => parts(text).map((part, i) => (i % 2 ? part.replace(ENCODED, (all, end) => (part.startsWith("{{") ? ` ${end}` : all)) : readable(part))).join("");

const encoded = (text) => parts(text).map((part, i) => {
  if (i % 2) return part.startsWith("{{") && !ENCODED.test(part) ? part.replace(/\s*(-?\}\})$/, " | url_encode $1") : part;
  return new URLSearchParams([["", part]]).toString().slice(1);
}).join("");
