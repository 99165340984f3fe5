// A curl command as an action. Nothing is run, nothing is read from disk: what only curl could do is named.

const MOST = 256 * 1024;
const MOST_NOTES = 50;
const METHODS = ["POST", "GET", "PUT", "PATCH", "DELETE"];

/** Options without a value that change nothing here. */
const IDLE = new Set(["-s", "--silent", "-S", "--show-error", "-v", "--verbose", "-i", "--include", "-f", "--fail", "--fail-with-body", "-N",
  "--no-buffer", "-g", "--globoff", "-#", "--progress-bar", "--no-progress-meter", "-0", "--http1.0", "--http1.1", "--http2", "--http3", "-4", "--ipv4", "-6", "--ipv6",
  "--tcp-nodelay", "--no-keepalive", "--ssl-reqd", "--tlsv1.2", "--tlsv1.3", "--raw", "-q", "--disable", "--compressed-ssh", "--path-as-is", "-n", "--netrc"]);

/** Options that are told of, since the gateway does otherwise. */
const TOLD = {
  "--location": "redirects are not followed", "--location-trusted": "redirects are not followed",
  "--insecure": "certificates are always checked; a connection may trust a CA of its own",
  "--compressed": "answers are not unpacked, so none is asked for packed",
};

/** The same for options with a value; a value that nobody needs has no words. */
const VALUED = {
  "--output": "", "--write-out": "", "--max-redirs": "", "--stderr": "", "--trace": "", "--trace-ascii": "", "--dump-header": "", "--resolve": "", "--interface": "", "--cookie-jar": "",
  "--max-time": "the retry policy says how long an attempt may take", "--connect-timeout": "the retry policy says how long an attempt may take",
  "--retry": "the retry policy says when an attempt follows", "--retry-delay": "the retry policy says when an attempt follows", "--retry-max-time": "the retry policy says when an attempt follows",
  "--proxy": "a connection names the proxy", "--proxy-user": "a connection names the proxy", "--socks5": "a connection names the proxy", "--cacert": "a connection names the CA", "--capath": "a connection names the CA",
  "--cert": "a connection holds the client certificate", "--key": "a connection holds the client certificate", "--pinnedpubkey": "a connection holds pins",
};

/** What an action cannot be made of. */
const REFUSED = {
  "--form": "a multipart form (-F) cannot be sent: send fields with -d, or files as addresses", "--form-string": "a multipart form (--form-string) cannot be sent: send fields with -d",
  "--upload-file": "a file (-T) cannot be sent: paste its text behind --data-raw", "--config": "a file of options (-K) cannot be read here: paste them", "--digest": "Digest authentication needs two requests", "--ntlm": "NTLM authentication needs two requests",
  "--negotiate": "Negotiate authentication needs two requests", "--aws-sigv4": "AWS signatures (--aws-sigv4) cannot be made",
};

const SHORT = {
  X: "--request", H: "--header", d: "--data", u: "--user", A: "--user-agent", e: "--referer", b: "--cookie", G: "--get", I: "--head", F: "--form", T: "--upload-file", K: "--config",
  o: "--output", w: "--write-out", m: "--max-time", x: "--proxy", U: "--proxy-user", E: "--cert", L: "--location", k: "--insecure", D: "--dump-header", c: "--cookie-jar",
};
const TAKES = new Set([...Object.keys(VALUED), "--request", "--header", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--user", "--user-agent", "--referer", "--cookie",
  "--oauth2-bearer", "--url", "--url-query", "--form", "--form-string", "--upload-file", "--config", "--aws-sigv4"]);

/** Headers that the gateway writes itself. */
const OURS = /^(?:host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect|accept-encoding|proxy-.*)$/i;
const CREDENTIAL = /^(?:authorization|cookie|x-api-key|api-key|x-auth-token)$|token|secret|password/i;

export const isCurl = (text) => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);

/**
 * @returns `action`: method, url, headers and body, or null when there is none to be made; `refused`: why not; `notes`: what became
 *   other than it was or was left out
 */
export function actionOf(text) {
  const refused = [];
  const notes = [];
  if (text.length > MOST) return { action: null, refused: [`the command is longer than ${MOST / 1024} KiB`], notes };
  const { words, problem } = split(text, notes);
  if (problem) return { action: null, refused: [problem], notes };
  if (!isCurl(text)) return { action: null, refused: ["this is no curl command: it begins otherwise"], notes };
  const wish = read(words.slice(words[0] === "$" ? 2 : 1), refused, notes);
  const action = refused.length === 0 ? made(wish, refused, notes) : null;
  return { action: refused.length === 0 ? action : null, refused, notes: [...new Set(notes)] };
}

/** Words as a shell splits them; what would have it do more is told. */
function split(text, notes) {
  const windows = /\^\s*\r?\n|\^"/.test(text);
  const source = windows ? text.replace(/\^[ \t]*\r?\n/g, " ").replace(/\^([\s\S])/g, "$1") : text;
  const words = [];
  let [word, quoted, i] = [null, "", 0];
  const take = (part) => (word = (word ?? "") + part);
  for (; i < source.length; i++) {
    const c = source[i];
    if (quoted) {
      if (c === quoted[0]) quoted = "";
      else if (c === "\\" && quoted === "'$") i += escaped(source, i, take);
      else if (c === "\\" && quoted === '"' && (windows ? /["\\]/ : /[$`"\\\n]/).test(source[i + 1] ?? "")) source[++i] === "\n" || take(source[i]);
      else take(variable(c, source, i, quoted, notes));
    } else if (c === "\\" && !windows) {
      const end = /^\\[ \t]*\r?\n/.exec(source.slice(i, i + 40));
      if (end) i += end[0].length - 1;
      else if (i + 1 < source.length) take(source[++i]);
    } else if (c === "$" && source[i + 1] === "'") {
      take("");
      [quoted, i] = ["'$", i + 1];
    } else if (c === '"' || (c === "'" && !windows)) {
      take("");
      quoted = c;
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
      if (c === "\n" && words.length > 0 && source.slice(i).trim() !== "") return rest(words, source.slice(i), notes);
    } else if (/[|;<>]/.test(c) || (c === "&" && (word === null || source[i + 1] === "&" || /^\s|^$/.test(source.slice(i + 1, i + 2))))) {
      if (word !== null) words.push(word);
      return rest(words, source.slice(i), notes);
    } else {
      take(variable(c, source, i, quoted, notes));
    }
  }
  if (quoted) return { problem: `the command ends within a text that ${quoted[0]} begins: paste all of it` };
  if (word !== null) words.push(word);
  return { words };
}

function rest(words, text, notes) {
  notes.push(`left out, from here on: ${short(text.trim())}`);
  return { words };
}

const short = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function variable(c, source, i, quoted, notes) {
  const name = quoted !== "'" && quoted !== "'$" && c === "$" && /^\$(?:\w+|\{\w+\}|\()/.exec(source.slice(i, i + 100))?.[0];
  if (notes.length < MOST_NOTES && (name || (c === "`" && quoted !== "'" && quoted !== "'$"))) notes.push(`${name || "`"} is for your shell and stands as it is: write a value, or {{ secrets.name }}`);
  return c;
}

const LETTERS = { n: "\n", t: "\t", r: "\r", a: "\u0007", b: "\b", e: "\u001b", f: "\f", v: "\v", 0: "\0" };

/** One escape of $'…'; answers how many characters beside the backslash it took. */
function escaped(source, i, take) {
  const code = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(source.slice(i, i + 10));
  const point = code && parseInt(code[1] ?? code[2] ?? code[3], 16);
  if (code && point <= 0x10ffff) take(String.fromCodePoint(point));
  else take(LETTERS[source[i + 1]] ?? source[i + 1] ?? "");
  return code ? code[0].length - 1 : 1;
}

function read(words, refused, notes) {
  const wish = { bare: [], headers: [], data: [], query: [], get: false, method: "", json: false, url: "" };
  const given = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--next" || word === "-:") {
      notes.push("only the first of its requests became an action");
      break;
    }
    if (word.startsWith("--")) given.push([word, TAKES.has(word) ? words[++i] : undefined]);
    else if (word.startsWith("-") && word.length > 1) i += shorts(word, words[i + 1], given);
    else wish.bare.push(word);
  }
  for (const [name, value] of given) take(wish, name, value, refused, notes);
  return wish;
}

/** -sSLX POST is four options; answers how many of the following words were taken. */
function shorts(word, next, given) {
  for (let i = 1; i < word.length; i++) {
    const name = SHORT[word[i]] ?? `-${word[i]}`;
    if (TAKES.has(name)) {
      const attached = word.slice(i + 1);
      given.push([name, attached || next]);
      return attached ? 0 : 1;
    }
    given.push([name, undefined]);
  }
  return 0;
}

function take(wish, name, value, refused, notes) {
  if (REFUSED[name]) return void refused.push(REFUSED[name]);
  if (TAKES.has(name) && value === undefined) return void refused.push(`${name} has no value behind it`);
  const basic = () => {
    if (!value.includes(":")) notes.push(`-u ${value} has no password: curl would ask for it; write it into Authorization`);
    return `Basic ${base64(value.includes(":") ? value : `${value}:`)}`;
  };
  const deeds = {
    "--request": () => (wish.method = value.toUpperCase()),
    "--head": () => (wish.method ||= "HEAD"),
    "--get": () => (wish.get = true),
    "--header": () => header(wish, value, refused, notes),
    "--data": () => data(wish, value, refused), "--data-ascii": () => data(wish, value, refused), "--data-binary": () => data(wish, value, refused),
    "--data-raw": () => wish.data.push(value),
    "--data-urlencode": () => encoded(wish.data, value, refused),
    "--json": () => ((wish.json = true), data(wish, value, refused)),
    "--url-query": () => (value.startsWith("+") ? wish.query.push(value.slice(1)) : encoded(wish.query, value, refused)),
    "--user": () => wish.headers.push({ name: "Authorization", value: basic() }),
    "--oauth2-bearer": () => wish.headers.push({ name: "Authorization", value: `Bearer ${value}` }),
    "--user-agent": () => wish.headers.push({ name: "User-Agent", value }),
    "--referer": () => wish.headers.push({ name: "Referer", value }),
    "--cookie": () => (value.includes("=") ? wish.headers.push({ name: "Cookie", value }) : notes.push(`-b ${value} reads cookies from a file: left out`)),
    "--url": () => (wish.url ? notes.push(`a second address was left out: ${short(value)}`) : (wish.url = value)),
  };
  if (deeds[name]) deeds[name]();
  else if (TOLD[name]) notes.push(`${name}: ${TOLD[name]}`);
  else if (name in VALUED) VALUED[name] && notes.push(`${name}: ${VALUED[name]}`);
  else if (!IDLE.has(name)) notes.push(`${name} is not understood and was left out`);
}

function header(wish, text, refused, notes) {
  if (text.startsWith("@")) return void refused.push(`-H ${text} reads headers from a file: paste them`);
  const [, name, mark, value] = /^([^:;]*)([:;])([\s\S]*)$/.exec(text) ?? [];
  if (!name?.trim()) return void notes.push(`-H ${short(text)} is no header and was left out`);
  if (mark === ":" && value.trim() === "") return void notes.push(`-H ${name}: takes a header away that curl would send; nothing to take away here`);
  if (OURS.test(name.trim())) return void notes.push(`${name.trim()} is set by the gateway`);
  wish.headers.push({ name: name.trim(), value: mark === ";" ? "" : value.trim() });
}

function data(wish, value, refused) {
  if (value.startsWith("@")) refused.push(`${short(value)} is a file, which cannot be read here: paste its text instead`);
  else wish.data.push(value);
}

/** As --data-urlencode takes it: text, =text, name=text; outputs of templates are encoded when they are rendered. */
function encoded(list, value, refused) {
  const [, name, mark, content] = /^([^=@]*)([=@])([\s\S]*)$/.exec(value) ?? [null, "", "", value];
  if (mark === "@") return void refused.push(`${short(value)} is a file, which cannot be read here: paste its text instead`);
  const end = content.lastIndexOf("}}");
  const cut = end < 0 ? 0 : end + 2;
  const text = [...content.slice(0, cut).split(/(\{\{[\s\S]*?\}\})/).map((part, i) => (i % 2 ? part.replace(/\s*(-?\}\})$/, (end, close) => (/\|\s*url_encode\s*-?\}\}$/.test(part) ? end : ` | url_encode ${close}`)) : encodeURIComponent(part))), encodeURIComponent(content.slice(cut))].join("");
  list.push(name ? `${name}=${text}` : text);
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function made(wish, refused, notes) {
  const body = wish.data.join(wish.json ? "" : "&");
  const looksLikeOne = (word) => /^[a-z]+:\/\/|^localhost\b|^[\w.-]+\.[\w.-]+|^\{\{/i.test(word);
  const url = wish.url || wish.bare.find(looksLikeOne) || "";
  wish.bare.filter((word) => word !== url).forEach((word) => notes.push(`${short(word)} is not understood and was left out`));
  if (!url) return void refused.push("the command names no address");
  const query = [...wish.query, ...(wish.get && body ? [body] : [])].join("&");
  const method = wish.method || (wish.get ? "GET" : wish.data.length > 0 ? "POST" : "GET");
  if (!METHODS.includes(method)) refused.push(`${method} is not sent; an action's method is one of ${METHODS.join(", ")}`);
  return { method, url: address(url, query, notes), headers: headers(wish, notes), body: wish.get ? "" : body };
}

function address(url, query, notes) {
  const full = /^[a-z]+:\/\/|^\{\{/i.test(url) ? url : `http://${url}`;
  if (full !== url) notes.push("the address had no scheme: http://, as curl takes it");
  if (/\[\d+-\d+|(?<!\{)\{[^{}]*,[^{}]*\}(?!\})/.test(url)) notes.push("the address holds a pattern of curl; the gateway sends one request, to the address as it stands");
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(full)) notes.push("the address holds a credential: store it as a secret and write {{ secrets.name }}");
  return query === "" ? full : full.replace(/^([^#]*)/, (before) => `${before}${before.includes("?") ? "&" : "?"}${query}`);
}

function headers(wish, notes) {
  const list = [];
  for (const one of wish.headers) {
    const same = list.findIndex((other) => other.name.toLowerCase() === one.name.toLowerCase());
    if (same >= 0) notes.push(`${one.name} was given twice: the last is taken`);
    list.splice(same < 0 ? list.length : same, same < 0 ? 0 : 1, one);
    if (CREDENTIAL.test(one.name) && !one.value.includes("{{")) notes.push(`${one.name} holds a credential: store it as a secret and write {{ secrets.name }}`);
  }
  const has = (name) => list.some((one) => one.name.toLowerCase() === name);
  if (wish.data.length > 0 && !wish.get && !has("content-type")) list.unshift({ name: "Content-Type", value: wish.json ? "application/json" : "application/x-www-form-urlencoded" });
  if (wish.json && !has("accept")) list.push({ name: "Accept", value: "application/json" });
  return list;
}
