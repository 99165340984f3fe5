// The frame: asks for the token once, keeps the stream of states, and shows the page that the address names.
import { effect, html, render, signal, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { request, signIn, signOut, token } from "./api.js";
import { Notices, Questions } from "./buttons.js";
import { connection, follow, state } from "./live.js";
import { count, exactTime, relativeTime } from "./format.js";
import { Heading, Loading, Trouble } from "./parts.js";

/** Pages by the first part of the address; each file is loaded when it is first needed. */
const PAGES = {
  "": { title: "Now", load: () => import("./now.js") },
  hosts: { title: "Hosts", load: () => import("./hosts.js") },
  deliveries: { title: "Deliveries", load: () => import("./deliveries.js"), badge: (now) => now.failed, tone: "bad" },
  drafts: { title: "Drafts", load: () => import("./drafts.js"), badge: (now) => now.drafted, tone: "hold" },
  quarantine: { title: "Quarantine", load: () => import("./quarantine.js"), badge: (now) => now.quarantined, tone: "warn" },
  actions: { title: "Actions", load: () => import("./actions.js") },
  snippets: { title: "Snippets", load: () => import("./snippets.js") },
  people: { title: "People", load: () => import("./people.js") },
  connections: { title: "Connections", load: () => import("./connections.js") },
  audit: { title: "Changes", load: () => import("./audit.js") },
  doctor: { title: "Doctor", load: () => import("./doctor.js") },
  secrets: { title: "Secrets", load: () => import("./secrets.js") },
  reporting: { title: "Reporting webhooks", load: () => import("./reporting.js") },
  keys: { title: "Signing keys", load: () => import("./keys.js") },
};

const ICON = new URL("icon.svg", import.meta.url).pathname;

const GROUPS = [
  { title: "Watch", pages: ["", "hosts", "deliveries", "drafts", "quarantine", "doctor"] },
  { title: "Compose", pages: ["actions", "snippets", "people"] },
  { title: "Settings", pages: ["secrets", "connections", "keys", "reporting", "audit"] },
];

const address = signal(parse(location.hash));
addEventListener("hashchange", () => (address.value = parse(location.hash)));

/** `#/deliveries/abc?state=failed` as its parts and its query. */
function parse(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").map(decodeURIComponent), query: Object.fromEntries(new URLSearchParams(query)) };
}

const pageOf = (name) => (Object.hasOwn(PAGES, name) ? PAGES[name] : null);

/** The pages whose file has come, by name; false for one that did not. */
const views = signal({});
const show = (name, view) => (views.value = { ...views.value, [name]: view });

effect(() => {
  const [name] = address.value.parts;
  const page = pageOf(name);
  document.title = `${page?.title ?? "Not found"} · Posthaste`;
  if (token.value && page && !views.peek()[name]) page.load().then((module) => show(name, module.default), () => show(name, false));
});

effect(() => {
  if (!token.value) return;
  const leaving = new AbortController();
  follow(leaving.signal);
  return () => leaving.abort();
});

const App = () => html`<${token.value ? Shell : SignIn} />`;

function SignIn() {
  const refusal = useSignal(null);
  const submit = async (event) => {
    event.preventDefault();
    const given = new FormData(event.target).get("token").trim();
    try {
      await request("GET", "/v1/info/ip_addresses", { as: given });
      signIn(given);
    } catch (refused) {
      refusal.value = refused;
    }
  };
  return html`<main class="sign-in"><form onSubmit=${submit}>
    <img src=${ICON} alt="" width="40" height="40" />
    <h1>Posthaste</h1>
    <p>Paste the gateway's token. This tab keeps it until it is closed.</p>
    <label class="field"><span class="label">Token</span>
      <input name="token" type="password" autocomplete="off" required autofocus /></label>
    <button class="primary">Sign in</button>
    <p class="hint">It stands in <code>data/admin.token</code> where the gateway runs, unless it was configured.</p>
    ${refusal.value?.status === 401 ? html`<p class="trouble" role="alert">This is not one of the gateway's tokens.</p>` : html`<${Trouble} refusal=${refusal.value} />`}
  </form></main>`;
}

const Shell = () => html`<div class="shell">
  <a class="skip" href="#page" onClick=${(event) => (event.preventDefault(), document.querySelector("main h1")?.focus())}>Skip to the page</a>
  <${Navigation} />
  <main id="page"><${Connection} /><${Page} /></main>
  <${Questions} /><${Notices} />
</div>`;

function Navigation() {
  const [open] = address.value.parts;
  return html`<nav aria-label="Pages">
    <a class="brand" href="#/"><img src=${ICON} alt="" width="24" height="24" />Posthaste</a>
    ${GROUPS.map((group) => html`<div class="group"><h2>${group.title}</h2>
      ${group.pages.map((name) => html`<${Entry} name=${name} page=${PAGES[name]} open=${open === name} />`)}</div>`)}
    <div class="foot"><${Liveness} /><button type="button" class="small" onClick=${signOut}>Sign out</button></div>
  </nav>`;
}

function Entry({ name, page, open }) {
  const badge = state.value && page.badge ? page.badge(state.value) : 0;
  return html`<a href="#/${name}" aria-current=${open ? "page" : null}>${page.title}
    ${badge > 0 && html`<span class="badge ${page.tone}" title="${badge} ${page.title.toLowerCase()}">${count(badge)}</span>`}</a>`;
}

function Liveness() {
  const { status } = connection.value;
  const words = { connecting: "connecting", live: "live", lost: "connection lost" };
  return html`<span class="liveness ${status}">${words[status]}</span>`;
}

/** Says that figures stand still, and since when. */
function Connection() {
  const { status, since, refusal } = connection.value;
  if (status !== "lost") return null;
  return html`<div class="lost" role="alert">
    <strong>The connection to the gateway is lost.</strong> What you see is from ${" "}
    <span title=${exactTime(since)}>${relativeTime(since)}</span>. Trying again. ${refusal?.status > 0 && refusal.advice}
  </div>`;
}

function Page() {
  const { parts, query } = address.value;
  const [name, ...path] = parts;
  const where = parts.join("/");
  const reached = useRef(where);
  useEffect(() => {
    // Whoever came by keyboard, or listens, goes on at the page's top.
    const title = document.querySelector("main h1");
    if (reached.current === where || !title) return;
    reached.current = where;
    title.focus();
  });
  if (!pageOf(name)) return html`<${Heading} title="There is no such page" /><p><a href="#/">To the overview</a></p>`;
  const View = views.value[name];
  if (View === false) return html`<p class="trouble" role="alert">The page could not be loaded. <a href="/">Load again</a></p>`;
  return View ? html`<${View} path=${path} query=${query} />` : html`<${Loading} />`;
}

render(html`<${App} />`, document.getElementById("app"));
