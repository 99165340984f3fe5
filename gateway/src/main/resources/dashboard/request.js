// Requests and answers as they stand on the wire. Secrets come masked from the gateway.
import { html } from "./vendor/ui.js";
import { prettyJson } from "./format.js";
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

export const ResponseView = ({ headers = [], body }) => html`<div class="wire">
  <${Headers} list=${headers} /><${Body} text=${prettyJson(body)} label="Response body" />
</div>`;
