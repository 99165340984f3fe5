// Tells what in an action may be a credential that is written out. What templates take from the gateway's secrets is none.

const NAMES = /^(?:authorization|cookie|x-.*-key|.*signature)$|token|secret|passw|pwd|api[-_]?key|auth|credential|private|session|^key$|^sig$/i;

/** A run as long and as mixed as keys are: letters and digits, 16 or more. */
const LOOKS = /(?=[A-Za-z_+=-]*\d)(?=[\d_+=-]*[A-Za-z])[A-Za-z0-9_+=-]{16,}/;

/** Outputs of templates are no credentials, texts within them may be. */
const LIQUID = /(\{\{[^{}]*\}\}|\{%[^{}]*%\})/;

const literal = (text) => text.split(LIQUID).map((part, i) => (i % 2 ? (part.match(/"[^"]*"|'[^']*'/g) ?? []).join(" ") : part)).join(" ");

const looks = (text) => LOOKS.test(literal(text));

/** Whether the value under such a name is written out, and not just put together from templates. */
const written = (name, value) => NAMES.test(name) && literal(value).replace(/\b(?:Bearer|Basic|Token)\b/gi, "").trim() !== "";

/** @returns `clean`, the same definition with empty places, and `left`, what is empty now, for people */
export function withoutCredentials(definition) {
  const left = [];
  const clean = { ...definition };
  const url = urlWithout(definition.url ?? "");
  if (url !== definition.url) left.push("URL");
  clean.url = url;
  clean.headers = (definition.headers ?? []).map((header) => {
    if (!written(header.name, header.value) && !looks(header.value)) return header;
    left.push(`header ${header.name}`);
    return { ...header, value: "" };
  });
  clean.body = bodyWithout(definition.body ?? "");
  if (clean.body !== definition.body) left.push("body");
  return { clean, left };
}

function urlWithout(url) {
  const parts = url.replace(/^([a-z]+:\/\/)([^/?#]*)@/i, (all, scheme, user) => (literal(user).replace(/[\s:]/g, "") === "" ? all : scheme));
  const [, before, query, after] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(parts) ?? [null, parts, "", ""];
  const path = before.split("/").map((part, i) => (i > 2 && looks(part) ? "" : part)).join("/");
  const clean = (query ?? "").replace(/([?&])([^=&]*)=([^&]*)/g, (all, mark, name, value) => (written(name, value) || looks(value) ? `${mark}${name}=` : all));
  return `${path}${clean}${after ?? ""}`;
}

/** Members of JSON and parameters of forms by their names, and any run that looks like a key. */
const bodyWithout = (body) => body
  .replace(/("((?:[^"\\]|\\.)*)"\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (all, before, name, value) => (written(name, value) || looks(value) ? `${before}""` : all))
  .replace(/(^|&)([\w.[\]%-]+)=([^&\n]*)/g, (all, mark, name, value) => (written(name, value) || looks(value) ? `${mark}${name}=` : all))
  .split(LIQUID).map((part, i) => (i % 2 ? (looks(part) ? "" : part) : part.replace(new RegExp(LOOKS, "g"), ""))).join("");
