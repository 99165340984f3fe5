// What may stand where the caret is in a template: variables of the sample, filters and tags that the gateway told of.
// Nothing here knows the editor.

/** Most paths of a sample, and how deep they go. */
const MOST_PATHS = 300;
const DEEPEST = 5;
const PLAIN = /^[A-Za-z_][\w-]*[?!]?$/;
/** How far back an open tag is looked for, and blocks that it may end. */
const FAR = 20_000;

/**
 * @param before the template up to the caret
 * @param words `language` as /v1/liquid tells it or null, `sample` data or null, `secrets` and `snippets` as names, `answers` whether
 *   the template is one of what an answer sets
 * @returns null where nothing is to be completed, else `from`, where the word begins, whether a list is due though nothing of it is
 *   typed, and `options` with `label`, `kind`, `about` and, of a tag, `end` and `alone`
 */
export function suggest(before, words) {
  const text = before.slice(-FAR);
  const open = opening(text);
  if (!open) return null;
  const inner = text.slice(open.at);
  const place = before.length - text.length + open.at;
  const tag = open.tag && /^\s*(\w*)$/.exec(inner);
  if (tag) return listed(place + inner.length - tag[1].length, true, tags(words, text.slice(0, open.at - 2)));
  const filter = /\|\s*(\w*)$/.exec(inner);
  if (filter) return listed(place + inner.length - filter[1].length, true, filters(words));
  const path = /(?:[A-Za-z_][\w-]*(?:\.[\w-]*|\[[^\]]*\]?)*)?$/.exec(inner)[0];
  const first = open.tag ? /^\s*(?:if|elsif|unless|case|echo|when)\s+$|\sin\s+$|=\s*$/.test(inner) : inner.trim() === "";
  return listed(place + inner.length - path.length, first || path !== "", variables(words, text));
}

const listed = (from, due, options) => (options.length > 0 ? { from, due, options } : null);

/** Where the tag or output that the caret is in begins; null when it is in none, or in a text within one. */
function opening(text) {
  let [at, end, quote] = [-1, "", ""];
  for (let i = 0; i < text.length; i++) {
    const two = text.slice(i, i + 2);
    if (end === "") {
      if (two === "{{" || two === "{%") [end, at, i] = [two === "{{" ? "}}" : "%}", i + 2, i + 1];
    } else if (quote) {
      if (text[i] === quote) quote = "";
    } else if (two === end) {
      [end, i] = ["", i + 1];
    } else if (text[i] === '"' || text[i] === "'") {
      quote = text[i];
    }
  }
  if (end === "" || quote) return null;
  return { tag: end === "%}", at: text[at] === "-" ? at + 1 : at };
}

function tags({ language }, before) {
  const known = language?.tags ?? [];
  const ends = openBlocks(known, before).map((tag) => ({ label: tag.end, kind: "tag", about: `ends ${tag.name}`, end: "", alone: true }));
  // What goes on with a block is no use outside of it.
  const within = new Set(ends.map(({ label }) => label.slice(3)));
  const fits = ({ name }) => (name === "elsif" ? within.has("if") || within.has("unless") : name === "when" ? within.has("case") : name !== "else" || within.size > 0);
  return [...ends, ...known.filter(fits).map((tag) => ({ label: tag.name, kind: "tag", about: tag.about, example: tag.example, end: tag.end, alone: tag.example.includes(`{% ${tag.name} %}`) }))];
}

/** Blocks that are open there, the innermost first. */
function openBlocks(known, before) {
  const open = [];
  for (const [, name] of before.matchAll(/\{%-?\s*(\w+)/g)) {
    if (open[0]?.end === name) open.shift();
    else if (known.some((tag) => tag.name === name && tag.end)) open.unshift(known.find((tag) => tag.name === name));
  }
  return open;
}

const filters = ({ language }) => (language?.filters ?? []).map((filter) => ({
  label: filter.name, kind: "filter", about: filter.about, example: filter.example, colon: filter.example.includes(`| ${filter.name}: `),
}));

function variables(words, before) {
  const { language, sample, secrets = [], snippets = [], answers = false } = words;
  const found = new Map();
  const add = (label, about) => found.has(label) || found.set(label, { label, kind: "variable", about });
  for (const [name, about] of named(before, sample)) add(name, about);
  for (const [path, value] of pathsOf(sample ?? {})) add(path, shown(value));
  for (const { name, about, only_in_answers: late } of language?.variables ?? []) if (answers || !late) add(name, about);
  if (language) for (const part of ["id", "idempotency_key"]) add(`delivery.${part}`, "of this delivery");
  for (const name of secrets) add(member("secrets", name), "a stored secret");
  for (const name of snippets) add(member("snippets", name), "a stored snippet");
  return [...found.values()];
}

const LOOP = ["index", "index0", "first", "last", "length", "rindex"];

/** What the template itself named before the caret: assign, capture, the items of loops. */
function named(before, sample) {
  const names = [];
  for (const [, name] of before.matchAll(/\{%-?\s*(?:assign|capture)\s+(\w+)/g)) names.push([name, "named above"]);
  for (const [, item, list] of before.matchAll(/\{%-?\s*for\s+(\w+)\s+in\s+([\w.-]+)/g)) {
    names.push([item, `an item of ${list}`], ...LOOP.map((part) => [`forloop.${part}`, "of this loop"]));
    const first = list.split(".").reduce((value, name) => value?.[name], sample)?.[0];
    if (isObject(first)) names.push(...pathsOf(first, item).map(([path, value]) => [path, shown(value)]));
  }
  return names;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

const member = (before, name) => (before === "" ? name : PLAIN.test(name) ? `${before}.${name}` : `${before}[${name.includes('"') ? `'${name}'` : `"${name}"`}]`);

/** Every path of the sample with its value, those near the top first when there are too many. */
export function pathsOf(value, before = "") {
  const found = [];
  let level = [[before, value]];
  for (let depth = 0; depth < DEEPEST && level.length > 0 && found.length < MOST_PATHS; depth++) {
    const next = [];
    for (const [path, inner] of level) {
      const parts = Array.isArray(inner) ? inner.slice(0, 1).map((item) => [`${path}[0]`, item]) : isObject(inner) ? members(path, inner) : [];
      for (const part of parts) if (found.length < MOST_PATHS) next.push(part), found.push(part);
    }
    level = next;
  }
  return found;
}

/** A name that Liquid cannot spell, at the top or with both kinds of quotes, has no path. */
const members = (path, value) => Object.entries(value)
  .filter(([name]) => (path === "" ? PLAIN.test(name) : !(name.includes('"') && name.includes("'"))))
  .map(([name, inner]) => [member(path, name), inner]);

function shown(value) {
  const text = Array.isArray(value) ? `a list of ${value.length}` : isObject(value) ? "has parts" : JSON.stringify(value) ?? "";
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
