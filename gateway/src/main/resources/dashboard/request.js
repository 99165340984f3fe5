// Requests and answers as they stand on the wire. Secrets come masked from the gateway.
import { html } from "./vendor/ui.js";
import { duration, prettyJson } from "./format.js";
import { Copy, Text } from "./parts.js";

const isJson = (headers) => headers.some((header) => /^content-type$/i.test(header.name) && /json/i.test(header.value));

const Headers = ({ list }) => list.length > 0 && html`<dl class="headers">
  ${list.map((header) => html`<div><dt><${Text} value=${header.name} /></dt><dd><${Text} value=${header.value} /></dd></div>`)}
</dl>`;

export const Body = ({ text, label }) => text
  ? html`<pre class="body" tabindex="0" aria-label=${label}><${Text} value=${text} /></pre>`
  : html`<p class="quiet">No body.</p>`;

export const RequestView = ({ request }) => html`<div class="wire">
  <p class="line"><strong>${request.method}</strong> <code><${Text} value=${request.url} /></code></p>
  <${Headers} list=${request.headers} />
  <${Body} text=${isJson(request.headers) ? prettyJson(request.body) : request.body} label="Request body" />
  ${request.body && html`<div><${Copy} value=${request.body} label="Copy body" /></div>`}
</div>`;

const PHASES = { wait_ms: "waited", connect_ms: "connected in", tls_ms: "TLS in", first_byte_ms: "first byte after" };

/** How an attempt went on its way: who made it, where it went, how long each part took, and the headers of both sides. */
export const Exchange = ({ exchange }) => html`<div class="exchange">
  <p class="quiet">${exchange.address && html`<code><${Text} value=${exchange.address} /></code> `}${exchange.reused ? "reused connection" : "new connection"},
    ${Object.entries(PHASES).filter(([name]) => exchange[name] !== null).map(([name, words]) => ` ${words} ${duration(exchange[name])},`)} by <${Text} value=${exchange.gateway} /></p>
  ${(exchange.request_headers.length > 0 || exchange.response_headers.length > 0) && html`<details><summary>Headers</summary>
    <h3>Sent</h3><${Headers} list=${exchange.request_headers} /><h3>Answered</h3><${Headers} list=${exchange.response_headers} /></details>`}
</div>`;

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

/** The request as a command of a shell; what is secret is masked in it. */
export const curlOf = (request) => [
  `curl -X ${request.method} ${quoted(request.url)}`,
  ...request.headers.map((header) => `-H ${quoted(`${header.name}: ${header.value}`)}`),
  ...(request.body ? [`--data-binary ${quoted(request.body)}`] : []),
].join(" \\\n  ");

export const ResponseView = ({ headers = [], body }) => html`<div class="wire">
  <${Headers} list=${headers} /><${Body} text=${prettyJson(body)} label="Response body" />
</div>`;
