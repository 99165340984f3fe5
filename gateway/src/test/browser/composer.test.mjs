// What people do in the composer, done in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, gateway, page, seen, visit } from "./visiting.mjs";

const box = (name) => page.getByRole("textbox", { name, exact: true });
const textOf = async (name) => (await box(name).locator(".cm-line").allTextContents()).join("\n");

/** What the editor of that label holds is replaced, as typing would. */
async function write(label, text) {
  await box(label).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  if (text) await page.keyboard.insertText(text); // of nothing, Chromium never tells
}

/** The editor of that label comes to hold this text. */
async function holds(label, text) {
  const deadline = Date.now() + 10_000;
  let found;
  do {
    found = await textOf(label);
    if (found === text) return;
    await page.waitForTimeout(50);
  } while (Date.now() < deadline);
  assert.equal(found, text);
}

const options = () => page.getByRole("listbox").getByRole("option");
const option = (text) => options().filter({ hasText: text });

/** The list that is open now has this option chosen. */
const chosen = (text) => page.locator('[role="option"][aria-selected="true"]').filter({ hasText: text }).waitFor();

test("the body is completed by keyboard: variables of the sample, filters, tags with their end", async () => {
  await gateway.call("PUT", "/v1/secrets/zendesk", { value: "never shown" });
  await visit("#/actions/+");
  await write("URL", "https://example.com/");
  await write("Body", "");
  await page.keyboard.type("{{ cu");
  await option("customer.email").filter({ hasText: "ada@example.com" }).waitFor();
  await page.keyboard.type("stomer.na");
  await chosen("customer.name");
  await page.waitForTimeout(100); // an Enter right after the list came is a line end
  await page.keyboard.press("Enter");
  await page.keyboard.type(" | ");
  await option("append").filter({ hasText: "puts text behind" }).waitFor();
  await page.keyboard.type("to_");
  await chosen("to_json");
  await page.waitForTimeout(100);
  await page.keyboard.press("Tab");
  await holds("Body", "{{ customer.name | to_json}}"); // the braces closed themselves
  await seen('"Ada Lovelace"', page.locator(".preview"));

  await page.keyboard.press("Control+End");
  await page.keyboard.type("{% unl");
  await chosen("unless");
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  await holds("Body", "{{ customer.name | to_json}}{% unless  %}{% endunless %}");
  await page.keyboard.type("secr");
  await option("secrets.zendesk").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  assert.match(await textOf("Body"), /\{% unless secr %\}/);
});

test("a list of completions is announced: which list, which option", async () => {
  await visit("#/actions/+");
  await write("Body", "");
  await page.keyboard.type("{{ customer.");
  await chosen(/^customer\./);
  const body = box("Body");
  assert.equal(await body.getAttribute("aria-autocomplete"), "list");
  assert.equal(await body.getAttribute("aria-haspopup"), "listbox");
  const told = () => body.evaluate((it) => {
    const root = it.getRootNode();
    return [root.getElementById(it.getAttribute("aria-controls"))?.getAttribute("role"), root.getElementById(it.getAttribute("aria-activedescendant"))?.textContent];
  });
  const [role, first] = await told();
  assert.equal(role, "listbox");
  await page.keyboard.press("ArrowDown");
  const [, second] = await told();
  assert.notEqual(second, first);
  await page.keyboard.press("ArrowUp");
  assert.equal((await told())[1], first);
});

test("URL, header values and what the answer sets are completed, the answer only in the last", async () => {
  await visit("#/actions/+");
  await write("URL", "https://example.com/");
  await page.keyboard.type("{{ customer.i");
  await chosen("customer.id");
  await page.keyboard.press("Escape");
  await write("value 1", "");
  await page.keyboard.type("{{ delivery.i");
  await option("delivery.idempotency_key").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.type("{{ respon");
  await page.waitForTimeout(300);
  assert.equal(await page.getByRole("listbox").count(), 0);

  await button("Add attribute").click();
  await write("template 1", "");
  await page.keyboard.type("{{ respon");
  await chosen("response");
});

test("with nothing to complete, Tab goes on to the next field", async () => {
  await visit("#/actions/+");
  await write("URL", "https://example.com/");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute("aria-label")), "URL");
});

test("what is typed quickly stays, however late the page is drawn", async () => {
  await visit("#/actions/+");
  await write("Body", "");
  await page.evaluate(() => {
    const draw = window.requestAnimationFrame;
    window.requestAnimationFrame = (then) => draw(() => setTimeout(() => then(performance.now()), 120));
  });
  await page.keyboard.type('{"a": [1, 2], "b": "{{ customer.name ');
  await page.keyboard.press("Escape");
  await page.waitForTimeout(500);
  assert.match(await textOf("Body"), /^\{"a": \[1, 2\], "b": "\{\{ customer\.name /);
});

test("the sample comes from a stored person, numbers with their digits", async () => {
  await gateway.call("PUT", "/v1/people/sampled-1", { name: "Grace Hopper" });
  await visit("#/actions/+");
  await button("From a person").click();
  await page.getByLabel("Id of a stored person").fill("nobody");
  await button("Take").click();
  await seen("Nobody is stored under this id.");
  await page.getByLabel("Id of a stored person").fill("sampled-1");
  await button("Take").click();
  await seen("The person sampled-1 as stored now.");
  const sample = JSON.parse(await textOf("Sample data"));
  assert.deepEqual(sample, { customer: { id: "sampled-1", name: "Grace Hopper" }, event: { name: "purchase", amount: "49.00" } });
  await write("Body", "");
  await page.keyboard.type("{{ customer.na");
  await option("customer.name").filter({ hasText: "Grace Hopper" }).waitFor();
});

test("the sample comes from what a delivery was rendered from, and from its person once it was sent", async () => {
  await gateway.action("sampled", { sending: "draft" });
  await gateway.action("sampled-sent");
  await gateway.call("PUT", "/v1/people/sampled-2", { name: "Joan Clarke" });
  await gateway.enqueue(
    { id: "sampled-draft", action: "sampled", data: { customer: { name: "Zoë" }, event: { amount: 19.5 } } },
    { id: "sampled-sent", action: "sampled-sent", data: { customer_id: "sampled-2" } },
    { id: "sampled-gone", action: "sampled-sent", data: { customer: { name: "x" } } },
  );
  await gateway.until("/v1/drafts?action=sampled", ({ drafts }) => drafts.length === 1);
  await gateway.until("/v1/deliveries?action=sampled-sent&state=sent", ({ deliveries }) => deliveries.length === 2);
  await visit("#/actions/sampled");
  await button("From a delivery").click();
  await button("Take sampled-draft").click();
  await seen("What sampled-draft is rendered from.");
  assert.deepEqual(JSON.parse(await textOf("Sample data")), { customer: { name: "Zoë" }, event: { amount: 19.5 } });
  await seen('"name": "Zoë"', page.locator(".preview"));

  await page.goto(`${gateway.url}/#/actions/sampled-sent`);
  await button("From a delivery").click();
  await button("Take sampled-gone").click();
  await seen("The data of sampled-gone are not kept");
  await button("Take sampled-sent").click();
  await seen("went when it was sent; this is its person sampled-2 as stored now.");
  assert.equal(JSON.parse(await textOf("Sample data")).customer.name, "Joan Clarke");
});

test("a pasted curl command becomes the action; what is refused says so; Undo takes it back", async () => {
  await visit("#/actions/+");
  await button("Paste curl").click();
  const command = page.getByLabel("A curl command");
  await command.fill("curl https://api.example.com/users -F file=@x");
  await page.getByRole("alert").filter({ hasText: "a multipart form (-F) cannot be sent" }).waitFor();
  assert.ok(await button("Take it over").isDisabled());
  await command.fill("curl -X PUT https://api.example.com/users/7 -H 'X-Team: crm' -u agent:hunter2 -L --json '{\"email\": {{ customer.email | to_json }} }'");
  await button("Take it over").click();
  await seen("Taken from the curl command.");
  await seen("--location: redirects are not followed");
  await seen("Authorization holds a credential");
  await holds("URL", "https://api.example.com/users/7");
  assert.equal(await page.getByLabel("Method").inputValue(), "PUT");
  await seen('"email": "ada@example.com"', page.locator(".preview"));

  await button("Undo").click();
  await holds("URL", "https://");
  assert.equal(await page.getByLabel("Method").inputValue(), "POST");

  await page.evaluate(() => navigator.clipboard.writeText("curl https://api.example.com/pasted \\\n  -d a=1"));
  await box("URL").click();
  await page.keyboard.press("Control+v");
  await seen("Taken from the curl command.");
  await holds("URL", "https://api.example.com/pasted");
});

test("a form body is written as parameters, and as text again without loss", async () => {
  const body = 'To={{ "whatsapp:" | append: customer.phone | url_encode }}&From=whatsapp%3A%2B1415&note=%20x';
  await gateway.action("form", { headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }], body });
  await visit("#/actions/form");
  assert.equal(await page.getByLabel("parameter 2", { exact: true }).inputValue(), "From");
  await holds("value of parameter 2", "whatsapp:+1415");
  await holds("value of parameter 1", '{{ "whatsapp:" | append: customer.phone }}');
  await button("Text").click();
  await holds("Body", body);

  await button("Parameters").click();
  await write("value of parameter 2", "a & b");
  await button("Add parameter").click();
  await page.getByLabel("parameter 4", { exact: true }).fill("email");
  await write("value of parameter 4", "{{ customer.email }}");
  await button("Remove parameter note").click();
  await button("Text").click();
  await holds("Body", 'To={{ "whatsapp:" | append: customer.phone | url_encode }}&From=a+%26+b&email={{ customer.email | url_encode }}');

  await write("Body", "a=1{% if customer.plan %}&b=2{% endif %}");
  await seen("Cannot be shown as parameters: {% if %} holds several parameters.");
  assert.ok(await button("Parameters").isDisabled());
});

test("unsaved changes are offered on return, without credentials; what was saved meanwhile is said", async () => {
  await gateway.action("unsaved", { headers: [{ name: "X-Team", value: "crm" }] });
  await visit("#/actions/unsaved");
  await page.getByLabel("Name", { exact: true }).fill("Changed by hand");
  await button("Add header").click();
  await page.getByLabel("name 2", { exact: true }).fill("Authorization");
  await write("value 2", "Bearer cAnarySecret4711");
  await page.waitForFunction(() => localStorage.getItem("posthaste.unsaved")?.includes("Authorization"));
  await page.waitForTimeout(600);
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes("cAnarySecret"));

  await page.goto(`${gateway.url}/#/actions`);
  await page.getByRole("heading", { level: 1, name: "Actions" }).waitFor();
  await gateway.action("unsaved", { body: "{}" });
  await page.goto(`${gateway.url}/#/actions/unsaved`);
  const offer = page.getByRole("region", { name: "You changed this action and did not save it" });
  await seen("Version 2 was saved since", offer);
  await seen("look at header Authorization", offer);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "");
  await button("Restore changes", offer).click();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Changed by hand");
  await holds("value 2", "");
  await write("value 2", "Bearer {{ secrets.zendesk }}");
  await button("Save").click();
  await seen("Saved as version 3.");
  assert.equal(await page.evaluate(() => localStorage.getItem("posthaste.unsaved")), null);

  await page.getByLabel("Name", { exact: true }).fill("Another");
  await page.waitForFunction(() => localStorage.getItem("posthaste.unsaved")?.includes("Another"));
  await page.goto(`${gateway.url}/#/actions`);
  await page.getByRole("heading", { level: 1, name: "Actions" }).waitFor();
  await page.goto(`${gateway.url}/#/actions/unsaved`);
  await button("Discard them", offer).click();
  await offer.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => localStorage.getItem("posthaste.unsaved")), null);
});

test("what is kept unsaved is bounded, and what somebody else wrote there harms nothing", async () => {
  await visit("#/actions");
  const kept = await page.evaluate(async (folder) => {
    const { keep, kept } = await import(`${folder}/unsaved.js`);
    localStorage.setItem("posthaste.unsaved", "no JSON");
    for (let i = 0; i < 40; i++) keep(`bounded-${i}`, 1, { url: "https://h.example/", headers: [], body: "words ".repeat(5_000) });
    const found = Object.keys(JSON.parse(localStorage.getItem("posthaste.unsaved")));
    const characters = localStorage.getItem("posthaste.unsaved").length;
    localStorage.setItem("posthaste.unsaved", '{"a": 1, "b": {"at": "x"}}');
    return { found, characters, strange: [kept("a"), kept("b"), kept("c")] };
  }, await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).find((name) => name.endsWith("/app.js")).replace("/app.js", "")));
  assert.ok(kept.found.length > 3 && kept.found.length <= 20, String(kept.found.length));
  assert.ok(kept.characters <= 256 * 1024, String(kept.characters));
  assert.deepEqual(kept.strange, [null, null, null]);
});

test("a recipe of the gallery is begun with, its sample renders it, and its secret is named", async () => {
  await visit("#/actions");
  await page.getByRole("link", { name: "From a recipe" }).click();
  await page.getByRole("heading", { level: 1, name: "Recipes" }).waitFor();
  for (const name of ["Zendesk ticket", "Slack incoming webhook", "Discord webhook", "Microsoft Teams card", "PagerDuty alert", "HubSpot contact", "Salesforce contact", "Segment track"])
    await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
  await page.getByLabel("Filter recipes").fill("pagerd");
  await page.getByRole("heading", { level: 2, name: "Discord webhook" }).waitFor({ state: "detached" });
  await gateway.call("PUT", "/v1/secrets/pagerduty_routing_key", { value: "0123456789abcdef0123456789abcdef" });
  await button("Begin with this: PagerDuty alert").click();
  await holds("URL", "https://events.pagerduty.com/v2/enqueue");
  await seen("secrets.pagerduty_routing_key", page.getByRole("status"));
  await seen("Analytical Engines: payment of 49.00 failed", page.locator(".preview"));
  await page.getByLabel("Id", { exact: true }).fill("pagerduty");
  await button("Create action").click();
  await seen("Saved as version 1.");
  assert.equal((await gateway.call("GET", "/v1/actions/pagerduty")).name, "PagerDuty alert");
});
