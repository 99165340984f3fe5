// Talks to the gateway. The token lives in this tab only and travels as a bearer header, never in an address.
import { signal } from "./vendor/ui.js";

const STORED = "posthaste.token";

/** The bearer token, or "" when the page has to ask for it. */
export const token = signal(sessionStorage.getItem(STORED) ?? "");

export function signIn(value) {
  sessionStorage.setItem(STORED, value);
  token.value = value;
}

export function signOut() {
  sessionStorage.removeItem(STORED);
  token.value = "";
}

/** What the gateway, or the way to it, said no with. `status` is 0 when there was no answer. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id ?? "";
    this.retryAfter = problem.retryAfter ?? 0;
  }

  /** What a person can do about it, beyond the message. */
  get advice() {
    if (this.status === 0) return "Check that the gateway runs and that this machine reaches it.";
    if (this.status === 403) return "Sign in with a token that has the operate or admin role.";
    if (this.status === 429) return "Wait a moment and try again.";
    if (this.status === 503) return "The gateway runs but its Redis does not answer. It recovers by itself when Redis does.";
    if (this.status >= 500) return `The gateway's log says more under request id ${this.requestId}.`;
    return "";
  }
}

const NO_ANSWER = { detail: "The gateway does not answer." };

/** Sends one request and answers its raw response; a 401 signs out. */
export async function request(method, path, { body, signal: abort, as = token.value } = {}) {
  const headers = { Authorization: `Bearer ${as}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body, signal: abort, cache: "no-store" });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refusal(0, NO_ANSWER);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  problem.retryAfter = Number(response.headers.get("Retry-After")) || 0;
  if (response.status === 401 && as === token.value) signOut();
  throw new Refusal(response.status, problem);
}

/** The JSON that the gateway answers, null for an empty answer. `body` is a value, or JSON text that is sent as it stands. */
export async function call(method, path, body, options = {}) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await request(method, path, { ...options, body: text });
  const answer = await response.text();
  return answer === "" ? null : JSON.parse(answer);
}

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}, options) => call("POST", path, body, options);
export const put = (path, body) => call("PUT", path, body);
export const remove = (path) => call("DELETE", path);

/** What the gateway answers, kept as a file: a link could not carry the token. */
export async function download(path, name) {
  const file = URL.createObjectURL(await (await request("GET", path)).blob());
  Object.assign(document.createElement("a"), { href: file, download: name }).click();
  URL.revokeObjectURL(file);
}

/** A path with its query; what is empty stays out. */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}
