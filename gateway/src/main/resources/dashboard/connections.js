// Connections: how receivers are reached that need more than an address. What proves who the gateway is, is never read back.
import { html, useSignal } from "./vendor/ui.js";
import { put } from "./api.js";
import { Listing, useList, useThing } from "./data.js";
import { Act, Remove, tell } from "./buttons.js";
import { Empty, Field, Heading, Problems, Text, Time, Trouble } from "./parts.js";

export default function Connections({ path: [name] }) {
  if (name === undefined) return html`<${List} />`;
  return name === "+" ? html`<${Form} name="" shown=${{}} />` : html`<${Edit} key=${name} name=${name} />`;
}

const BACK = { href: "#/connections", label: "All connections" };

/** What it brings, in a few words. */
function parts(row) {
  return [row.ca && "own authorities", row.pins && "pins", row.certificate && "client certificate", row.oauth2 && "OAuth 2", row.proxy && "proxy"].filter(Boolean).join(", ");
}

function List() {
  const list = useList("/v1/connections", {}, "connections");
  return html`<${Heading} title="Connections"><a class="button primary" href="#/connections/+">New connection</a><//>
    <p class="quiet">An action names one when its receiver sits behind a private authority, wants a certificate or a token, or is reached through a proxy.</p>
    <section class="panel"><${Listing} list=${list} empty=${html`<${Empty} title="No connections yet.">Most receivers need none. <a href="#/connections/+">Make the first one</a>.<//>`}>
      <div class="scroll"><table><thead><tr><th>Name</th><th>Brings</th><th class="n">Certificate ends</th><th class="n">Changed</th></tr></thead>
      <tbody>${list.rows?.map((row) => html`<tr key=${row.name}><td class="name"><a href="#/connections/${row.name}"><${Text} value=${row.name} /></a></td>
        <td class="wide">${parts(row)}</td><td class="n">${row.expires_at ? html`<${Time} at=${row.expires_at} />` : "none"}</td><td class="n"><${Time} at=${row.updated_at} /></td></tr>`)}</tbody></table></div>
    <//></section>`;
}

function Edit({ name }) {
  const stored = useThing(`/v1/connections/${encodeURIComponent(name)}`);
  if (!stored.value) return html`<${Heading} title=${name} back=${BACK} /><${Trouble} refusal=${stored.refusal} again=${stored.again} />`;
  return html`<${Form} name=${name} shown=${stored.value} />`;
}

/** Only what is filled in: a secret that is left out stays as it was. */
function definition(form) {
  const given = (name) => form[name]?.trim() || undefined;
  const group = (fields, needed) => (given(needed) ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) : undefined);
  return {
    ca: given("ca"), system_ca: form.system_ca ? true : undefined, http2: form.http2 ? true : undefined,
    pins: given("pins")?.split(/[\s,]+/), certificate: given("certificate"), key: given("key"),
    oauth2: group({ token_url: given("token_url"), client_id: given("client_id"), client_secret: given("client_secret"), scope: given("scope"), audience: given("audience"), method: form.method }, "token_url"),
    proxy: group({ url: given("proxy_url"), username: given("username"), password: given("password") }, "proxy_url"),
  };
}

function Form({ name, shown }) {
  const { oauth2 = {}, proxy = {} } = shown;
  const form = useSignal({
    name, ca: shown.ca_pem ?? "", system_ca: shown.ca_pem !== undefined && shown.system_ca, http2: shown.http2 === true, pins: (shown.pins ?? []).join("\n"),
    certificate: shown.certificate_pem ?? "", token_url: oauth2.token_url, client_id: oauth2.client_id, scope: oauth2.scope,
    audience: oauth2.audience, method: oauth2.method ?? "basic", proxy_url: proxy.url, username: proxy.username,
  });
  const refusal = useSignal(null);
  const set = (field) => (event) => (form.value = { ...form.value, [field]: event.target.type === "checkbox" ? event.target.checked : event.target.value });
  const text = (field, more) => html`<input value=${form.value[field] ?? ""} onInput=${set(field)} autocomplete="off" ...${more} />`;
  const area = (field, more) => html`<textarea class="mono" rows="4" spellcheck="false" value=${form.value[field] ?? ""} onInput=${set(field)} ...${more}></textarea>`;
  const kept = name ? "kept as it is" : "";
  const save = async () => {
    try {
      const to = form.value.name.trim();
      await put(`/v1/connections/${encodeURIComponent(to)}`, definition(form.value));
      refusal.value = null;
      tell("Saved. Every gateway uses it within a second.");
      location.hash = `#/connections/${to}`;
    } catch (refused) {
      refusal.value = refused;
    }
  };
  const problems = refusal.value?.errors ?? [];
  return html`<${Heading} title=${name || "New connection"} back=${BACK}>
      ${name && html`<${Remove} path=${`/v1/connections/${name}`} title="Delete the connection ${name}?" text="Deliveries of actions that name it fail until it is made again."
        verb="Delete connection" gone=${() => (location.hash = "#/connections")} />`}<${Act} work=${save} tone="primary" disabled=${!form.value.name.trim()}>Save<//><//>
    <section class="panel form wide">
      ${!name && html`<${Field} label="Name">${text("name", { placeholder: "partner" })}<//>`}
      <fieldset><legend class="label">Trust</legend>
        <${Field} label="Authorities (PEM)" hint="Believed instead of the system's.">${area("ca")}<//>
        <label class="inline"><input type="checkbox" checked=${form.value.system_ca} onChange=${set("system_ca")} />Believe the system's, too</label>
        <${Field} label="Pins" hint="sha256/… of public keys, one of which must be in the chain.">${area("pins", { rows: 2 })}<//></fieldset>
      <fieldset><legend class="label">Protocol</legend>
        <label class="inline"><input type="checkbox" checked=${form.value.http2} onChange=${set("http2")} />HTTP/2 where the receiver offers it</label></fieldset>
      <fieldset><legend class="label">Client certificate</legend>
        <${Field} label="Certificate (PEM)">${area("certificate")}<//>
        <${Field} label="Key (PKCS#8 PEM)">${area("key", { placeholder: kept })}<//></fieldset>
      <fieldset><legend class="label">OAuth 2 client credentials</legend><div class="filters">
        <${Field} label="Token URL" grow>${text("token_url", { class: "mono" })}<//>
        <${Field} label="Client id">${text("client_id")}<//>
        <${Field} label="Client secret">${text("client_secret", { type: "password", autocomplete: "new-password", placeholder: kept })}<//>
        <${Field} label="Scope">${text("scope")}<//>
        <${Field} label="Audience">${text("audience")}<//>
        <${Field} label="Proves itself by"><select value=${form.value.method} onChange=${set("method")}>${["basic", "post", "private_key_jwt"].map((one) => html`<option value=${one}>${one}</option>`)}</select><//></div></fieldset>
      <fieldset><legend class="label">Proxy</legend><div class="filters">
        <${Field} label="Proxy URL" grow>${text("proxy_url", { class: "mono", placeholder: "http://proxy.example.com:3128" })}<//>
        <${Field} label="User">${text("username")}<//>
        <${Field} label="Password">${text("password", { type: "password", autocomplete: "new-password", placeholder: kept })}<//></div></fieldset>
      ${problems.length > 0 ? html`<${Problems} list=${problems} tone="bad" />` : html`<${Trouble} refusal=${refusal.value} />`}
    </section>`;
}
