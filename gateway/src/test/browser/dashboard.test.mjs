// What people do with the dashboard, done in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway, TOKEN } from "./harness.mjs";
import { adopt, browser, button, gateway, page, seen, visit } from "./visiting.mjs";

const HOSTILE = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>\u202Edrowkcab';

const heading = (name) => page.getByRole("heading", { level: 1, name });
const row = (text) => page.getByRole("row").filter({ hasText: text });

test("a wrong token is told, the right one opens the dashboard and stays in the tab", async () => {
  await visit("", { signedIn: false });
  await page.getByLabel("Token").fill("guess");
  await button("Sign in").click();
  await seen("This is not one of the gateway's tokens");

  await page.getByLabel("Token").fill(TOKEN);
  await button("Sign in").click();
  await heading("Now").waitFor();

  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.ok(!page.url().includes(TOKEN));
});

test("live numbers move while a load runs", async () => {
  await gateway.action("load");
  await visit("");
  await seen("live");
  const delivered = page.locator(".figure", { hasText: "Delivered" }).locator("dd").first();
  await delivered.filter({ hasText: /^\d/ }).waitFor();

  for (let wave = 0; wave < 3; wave++) {
    await gateway.enqueue(...Array.from({ length: 200 }, (_, i) => ({ action: "load", data: { customer: { name: `n${i}` } } })));
  }

  await delivered.filter({ hasText: /^[1-9]/ }).waitFor();
  await seen("Deliveries flow");
  await row("load").filter({ hasText: /\d %/ }).waitFor();
});

test("how far back the figures go is chosen by keyboard and stands in the address", async () => {
  await gateway.action("spans");
  await gateway.enqueue(...[1, 2, 3].map((i) => ({ id: `spans-${i}`, action: "spans", data: {} })));
  await gateway.until("/v1/figures?span=24h&action=spans", (figures) => figures.total.sent === 3);
  await visit("");
  await page.getByRole("link", { name: "24 h", exact: true }).focus();
  await page.keyboard.press("Enter");

  await page.getByRole("img", { name: /^Attempts per hour/ }).waitFor();
  assert.match(page.url(), /#\/\?span=24h$/);
  await page.getByLabel("Action").fill("spans");
  await page.keyboard.press("Enter");
  await page.locator(".figure", { hasText: "Delivered" }).filter({ hasText: /^Delivered3in/ }).waitFor();
  assert.match(page.url(), /span=24h&action=spans$/);
  await seen(/Of 23 periods nothing is known/);
  await seen(/Times are those of /);

  await page.reload();
  await page.locator(".figure", { hasText: "Delivered" }).filter({ hasText: /^Delivered3in/ }).waitFor();
  await page.getByRole("link", { name: "7 d", exact: true }).click();
  await page.getByRole("img", { name: /^Attempts per six hours/ }).waitFor();
  await page.getByRole("link", { name: "15 min", exact: true }).click();
  await page.locator(".lanes").waitFor();
});

test("a host that fails is told with its errors, found by a part of its name, and has a page", async () => {
  const host = `127.0.0.1:${gateway.port}`;
  await gateway.action("unwell");
  await gateway.bin("unwell", { status: 404 });
  await gateway.enqueue(...[1, 2, 3].map((i) => ({ id: `unwell-${i}`, action: "unwell", data: {} })));
  await gateway.until("/v1/hosts?q=127", ({ hosts }) => hosts[0]?.errors.some((error) => error.reason === "HTTP 404"));
  await visit("#/hosts");
  await row(host).waitFor();

  await page.getByLabel("Host", { exact: true }).fill("no-such-host");
  await page.keyboard.press("Enter");
  await seen("No host is called like this.");
  assert.match(page.url(), /q=no-such-host$/);
  await page.getByLabel("Host", { exact: true }).fill("127");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: host }).click();

  await heading(host).waitFor();
  await row("HTTP 404").waitFor();
  await row("answers here").filter({ hasText: "HTTP/1.1" }).filter({ hasText: host }).waitFor();
  await seen("No server showed one yet");
});

test("a lane is paused and resumed", async () => {
  await gateway.action("pausable");
  await gateway.enqueue({ action: "pausable", data: {}, at: Date.now() + 3_600_000 });
  await visit("");
  await button("Pause pausable").click();
  await row("pausable").filter({ hasText: "paused" }).waitFor();
  await gateway.enqueue({ id: "held-1", action: "pausable", data: {} });
  await row("pausable").filter({ hasText: "2" }).waitFor();
  assert.equal((await gateway.call("GET", "/v1/deliveries/held-1")).state, "queued");

  await button("Resume pausable").click();

  await gateway.until("/v1/deliveries/held-1", (delivery) => delivery.state === "sent");
});

test("the retry queue shows what comes due", async () => {
  await gateway.action("later");
  await gateway.enqueue(...Array.from({ length: 25 }, () => ({ action: "later", data: {}, at: Date.now() + 90 * 60_000 })));
  await visit("");

  await page.locator(".panel", { hasText: "Due in the next three hours" }).getByText(/^2[5-9] jobs/).waitFor();
});

test("a lost connection is told and made again", async () => {
  const own = new Gateway();
  await own.start();
  try {
    await visit("", { on: own });
    await seen("live");

    await own.stop();
    await page.getByRole("alert").filter({ hasText: "The connection to the gateway is lost" }).waitFor();
    await own.start();

    await page.getByRole("alert").waitFor({ state: "detached" });
    await seen("live");
    page.faults.length = 0; // The browser logs the refused connections.
  } finally {
    await own.close();
  }
});

test("failures are chosen and sent again in bulk", async () => {
  await gateway.action("mended");
  await gateway.bin("mended", { status: 404, body: '{"error":"moved"}' });
  await gateway.enqueue(...[1, 2, 3].map((i) => ({ id: `mended-${i}`, action: "mended", data: { customer: { name: "Ada" } } })));
  await gateway.until("/v1/deliveries?state=failed&action=mended", (page) => page.deliveries.length === 3);
  await gateway.bin("mended", { status: 200 });
  await visit("#/deliveries?state=failed&action=mended");

  await button("Choose all shown").click();
  await button("Send 3 deliveries again").click();
  await seen("Send 3 deliveries again?", page.getByRole("dialog"));
  await button("Send again", page.getByRole("dialog")).click();

  await seen("3 deliveries sent again.");
  await gateway.until("/v1/deliveries?state=sent&action=mended", (page) => page.deliveries.length === 3);
});

test("all failures that fit are sent again in the background", async () => {
  await gateway.action("many");
  await gateway.bin("many", { status: 404 });
  await gateway.enqueue(...Array.from({ length: 60 }, (_, i) => ({ id: `many-${i}`, action: "many", data: {} })));
  await gateway.until("/v1/deliveries?state=failed&action=many&limit=100", (page) => page.deliveries.length === 60);
  await gateway.bin("many", { status: 200 });
  await visit("#/deliveries?state=failed&action=many");

  await button("Send all that fit again").click();
  await seen("Send 60 failed deliveries again?", page.getByRole("dialog"));
  assert.equal((await gateway.call("GET", "/v1/operations")).operations.length, 0);
  await button("Send all again", page.getByRole("dialog")).click();

  await seen("60 deliveries sent again, done");
  await gateway.until("/v1/deliveries?state=failed&action=many&limit=100", (page) => page.deliveries.length === 0);
});

test("a search tells what it has not looked at, and a late answer replaces no newer one", async () => {
  await gateway.action("rare");
  await gateway.enqueue({ id: "rare-1", action: "rare", data: {} });
  await gateway.until("/v1/deliveries/rare-1", (delivery) => delivery.state === "sent");
  await visit("#/deliveries");
  let late;
  await page.route(/[?&]action=late/, (route) => void (late = route));
  await page.route(/[?&]action=rare$/, (route) => route.fulfill({ json: { deliveries: [], cursor: "ended=1_1" } }));
  await page.route(/[?&]action=rare&cursor=/, (route) => route.continue({ url: route.request().url().replace(/&cursor=.*/, "") }));

  const asked = page.waitForRequest(/action=late/);
  await page.getByLabel("Action").fill("late");
  await page.keyboard.press("Enter");
  await asked;
  await page.getByLabel("Action").fill("rare");
  await page.keyboard.press("Enter");
  await button("Look further back").click();
  await row("rare-1").waitFor();

  const answered = page.waitForResponse(/action=late/);
  await late.fulfill({ json: { deliveries: [] } });
  await (await answered).finished();
  await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
  await row("rare-1").waitFor();
});

test("what is being typed stays when the list arrives", async () => {
  await visit("#/deliveries");
  let held;
  await page.route(/v1\/deliveries$/, (route) => void (held = route));
  const asked = page.waitForRequest(/v1\/deliveries$/);
  await button("Reload").click();
  await asked;
  await page.getByLabel("Action").fill("half a na");

  await held.fulfill({ json: { deliveries: [] } });
  await seen("No deliveries yet.");

  assert.equal(await page.getByLabel("Action").inputValue(), "half a na");
});

test("a person is created, and the digits of numbers stay", async () => {
  await visit("#/people");
  await page.getByLabel("Person's id").fill("1007");
  await button("Open or create").click();
  await seen("Nobody is stored under this id yet.");
  await write("Attributes", '{"name": "Ada", "amount": 19.90}');
  await button("Create person").click();

  await seen("Saved.");
  await seen('"amount": 19.90');
});

test("a delivery's story: attempts, answer, request as sent, and cancelling it", async () => {
  await gateway.action("story", { headers: [{ name: "Authorization", value: "Bearer hidden-value" }] });
  await gateway.bin("story", { status: 503, body: '{"error":"maintenance"}' });
  await gateway.enqueue({ id: "story-1", action: "story", data: { customer: { name: "Ada" } } });
  await gateway.until("/v1/deliveries/story-1", (delivery) => delivery.state === "retrying");
  await visit("#/deliveries");
  await page.getByRole("link", { name: "story-1" }).click();

  await seen("Attempt 1");
  await seen('"error": "maintenance"');
  await seen('"name": "Ada"');
  assert.ok(!(await page.content()).includes("hidden-value"));

  await button("Cancel").click();
  await button("Cancel delivery", page.getByRole("dialog")).click();
  await page.locator(".state", { hasText: "cancelled" }).waitFor();
});

/** What the editor of that label holds is replaced, as typing would. */
async function write(label, text) {
  await page.getByRole("textbox", { name: label, exact: true }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

test("the composer marks errors where they are, previews, saves and sends a test", async () => {
  await gateway.bin("composed", { status: 201, body: '{"ticket":{"id":42}}' });
  await visit("#/actions/+");
  await page.getByLabel("Id", { exact: true }).fill("composed");
  await write("URL", `${gateway.url}/bin/composed`);

  await write("Body", '{\n  "name": {{ customer.name | to_jsn }}\n}');
  await page.locator(".problems.bad code", { hasText: "body:2:" }).waitFor();
  await page.locator(".cm-lintRange-error").first().waitFor();
  await page.locator(".cm-lint-marker-error").waitFor();

  await write("Body", '{\n  "name": {{ customer.name | to_json }}\n}');
  await seen('"name": "Ada Lovelace"', page.locator(".preview"));
  await page.locator(".cm-lintRange-error").first().waitFor({ state: "detached" });

  await button("Create action").click();
  await seen("Saved as version 1.");
  await heading("composed").waitFor();
  await button("Send test").click();
  await seen('"id": 42');
  const { requests } = await gateway.call("GET", "/v1/bins/composed");
  assert.equal(requests.length, 1);
  assert.equal(requests[0].body, '{\n  "name": "Ada Lovelace"\n}');

  await page.getByLabel("Name", { exact: true }).fill("Composed by hand");
  await button("Save").click();
  await seen("Saved as version 2.");
  await page.getByRole("link", { name: "Versions (2)" }).click();
  await page.locator(".diff .added", { hasText: "Composed by hand" }).waitFor();
});

test("a test tells what each attribute would become", async () => {
  await gateway.action("sets", { response_attributes: [
    { attribute: "answered", template: "{{ http.status }}" },
    { attribute: "ticket", template: "{{ response.ticket.id }}" },
  ] });
  await gateway.bin("sets", { delay_ms: 500 });
  await visit("#/actions/sets");
  await heading("sets").waitFor();
  await button("Send test").dblclick();
  await page.getByRole("heading", { name: "Would be set on the person" }).waitFor();
  await seen("attribute ticket: Variable 'response.ticket.id' is missing");
  assert.equal((await gateway.call("GET", "/v1/bins/sets")).requests.length, 1);
});

test("an action is run for one person, by id or as in the sample, and its figures tell", async () => {
  await gateway.action("shortcut", { body: '{"id": {{ customer.id | to_json }}, "amount": {{ customer.amount | default: 0 }} }' });
  await gateway.call("PUT", "/v1/people/2001", { id: "2001" });
  await visit("#/actions/shortcut");
  const run = page.getByRole("region", { name: "Run for one person" });
  const figures = page.getByRole("region", { name: "How it has been doing" });
  await seen("Nothing was delivered in this time.", figures);

  await run.getByLabel("Person's id").fill("2001");
  await run.getByLabel("Asked for by").fill("ada@example.com");
  await button("Run", run).click();
  await seen("sent", run);
  await run.getByLabel("Person's id").fill("");
  await write("Sample data", '{"customer": {"id": "\u0032", "amount": 49.00}}');
  const first = await run.getByRole("link").innerText();
  await button("Run", run).click();
  await run.getByRole("link").filter({ hasNotText: first }).waitFor();
  await gateway.until("/v1/deliveries?action=shortcut&state=sent", (page) => page.deliveries.length === 2);
  const { requests } = await gateway.call("GET", "/v1/bins/shortcut");
  assert.deepEqual(requests.map((request) => request.body).sort(), ['{"id": "2", "amount": 49.00 }', '{"id": "2001", "amount": 0 }']);

  await gateway.until("/v1/actions/shortcut/metrics", ({ total }) => total.sent === 2);
  await figures.getByLabel("In the last").selectOption("30 days");
  await seen("2xx 2", figures);
  await figures.getByText("By day in numbers").click();
  await figures.getByRole("row").filter({ hasText: /2.*0.*0.*2/ }).waitFor();
  assert.equal(await figures.locator("svg rect.good").count(), 1);
  await run.getByRole("link").click();
  await heading(/./).waitFor();
  await seen("ada@example.com");
});

test("a run that is refused says why", async () => {
  await gateway.action("stopped", { sending: "off" });
  await visit("#/actions/stopped");
  const run = page.getByRole("region", { name: "Run for one person" });
  await button("Run", run).click();
  await seen("this action is off; nothing would be sent", run);
});

test("drafts are compared, sent and discarded by keyboard", async () => {
  await gateway.action("review", { sending: "draft" });
  await gateway.enqueue(...["a", "b", "c"].map((id) => ({ id: `draft-${id}`, action: "review", data: { customer: { name: id } } })));
  await gateway.until("/v1/drafts?action=review", (page) => page.drafts.length === 3);
  await visit("#/drafts?action=review");
  const since = page.getByRole("region", { name: "Changed since it was made" });
  await seen("Nothing: what you see is what would be sent now.", since);

  await gateway.action("review", { sending: "draft", body: '{% abort_message "no stock" %}' });
  await page.keyboard.press("j");
  await seen("It would not be sent now: no stock", since);

  await gateway.action("review", { sending: "draft", url: `${gateway.url}/bin/review?v=2`, body: "<img src=x> {{ customer.name }}", headers: [{ name: "X-Stage", value: "two" }] });
  await page.keyboard.press("k");
  await since.locator(".removed", { hasText: '"name":' }).waitFor();
  await since.locator(".added", { hasText: "<img src=x>" }).waitFor();
  await since.locator(".removed", { hasText: /bin\/review\s*$/ }).waitFor();
  await since.locator(".added", { hasText: "bin/review?v=2" }).waitFor();
  await since.locator(".added", { hasText: "X-Stage: two" }).waitFor();
  assert.equal(await page.locator("img[src=x]").count(), 0);

  await page.keyboard.press("j");
  const chosen = await page.locator(".review li.open bdi").first().innerText();
  const sends = [];
  let come;
  const first = new Promise((resolve) => (come = resolve));
  await page.route("**/v1/drafts/send", (route) => come(sends.push(route)));
  await page.keyboard.press("s");
  await page.keyboard.press("s");
  await first;
  await sends[0].continue();
  await seen("1 draft sent.");
  assert.equal(sends.length, 1, "a key pressed twice decides once");
  await gateway.until(`/v1/deliveries/${chosen}`, (delivery) => delivery.state === "sent");

  await page.keyboard.press("x");
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await page.keyboard.press("d");
  await page.getByRole("dialog").getByText("Discard 2 drafts?").waitFor();
  await page.keyboard.press("Enter");
  await seen("2 drafts discarded.");
  await seen("No draft waits.");
});

test("hostile data shows as text", async () => {
  await gateway.action("hostile", { name: HOSTILE });
  await gateway.bin("hostile", { status: 400, body: HOSTILE });
  await gateway.enqueue({ id: "hostile-1", action: "hostile", data: { customer: { name: HOSTILE } } });
  await gateway.until("/v1/deliveries/hostile-1", (delivery) => delivery.state === "failed");
  await visit("#/deliveries/hostile-1");
  await seen("<img src=x onerror=");
  await seen("U+202E");

  for (const path of ["#/actions", "#/actions/hostile", "#/actions/hostile/versions", "#/deliveries?state=failed", "#/"]) {
    await page.goto(`${gateway.url}/${path}`);
    await page.locator("h1").waitFor();
    await page.waitForTimeout(300);
  }
  assert.equal(await page.evaluate(() => window.owned), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
});

test("an action names the hosts its secrets may go to", async () => {
  await gateway.action("by-region");
  await visit("#/actions/by-region");
  const hosts = page.getByLabel("Secrets may go to");
  await hosts.fill("not a host!");
  await page.locator(".preview .wire").waitFor(); // what is drawn anew meanwhile leaves what is being typed
  assert.equal(await hosts.inputValue(), "not a host!");
  await hosts.blur();
  await seen("secret_hosts"); // as the preview found

  await hosts.fill("eu.example.com, *.us.example.com");
  await hosts.blur();
  await button("Save").click();
  await seen("Saved as version 2");
  const { secret_hosts } = await gateway.call("GET", "/v1/actions/by-region");
  assert.deepEqual(secret_hosts, ["eu.example.com", "*.us.example.com"]);

  await hosts.fill("");
  await hosts.blur();
  await button("Save").click();
  await seen("Saved as version 3");
  assert.equal((await gateway.call("GET", "/v1/actions/by-region")).secret_hosts, undefined);
});

test("secrets and keys are shown once or never", async () => {
  await visit("#/secrets");
  await page.getByLabel("Name").fill("zendesk");
  await page.getByLabel("Value").fill("very-secret-value");
  await page.getByLabel("Only for hosts").fill("api.example.com, *.example.org");
  await button("Store secret").click();
  await row("zendesk").filter({ hasText: "api.example.com, *.example.org" }).waitFor();
  assert.ok(!(await page.content()).includes("very-secret-value"));

  await page.goto(`${gateway.url}/#/keys`);
  await button("New key for deliveries").click();
  await button("Make new key", page.getByRole("dialog")).click();
  const key = await page.locator("code.once").innerText();
  assert.ok(key.length > 20);
  await page.reload();
  await row("replaced").first().waitFor();
  assert.ok(!(await page.content()).includes(key));
});

test("a connection is made, changed without its secrets, and named by an action", async () => {
  await visit("#/connections/+");
  await page.getByLabel("Name").fill("partner");
  await page.getByLabel("Token URL").fill("https://login.example.com/token");
  await page.getByLabel("Client id").fill("gateway");
  await page.getByLabel("Client secret").fill("very-secret-client");
  await page.getByLabel("Proxy URL").fill("socks5://proxy:1");
  await button("Save").click();
  await seen("is not the address of a proxy");
  await page.getByLabel("Proxy URL").fill("http://proxy.example.com:3128");
  await button("Save").click();
  await seen("Saved. Every gateway uses it within a second.");
  await page.reload();
  await page.getByLabel("Scope").fill("hooks");
  await button("Save").click();
  await seen("Saved. Every gateway uses it within a second.");
  assert.ok(!(await page.content()).includes("very-secret-client"));
  const { oauth2, proxy } = await gateway.call("GET", "/v1/connections/partner");
  assert.equal(oauth2.scope, "hooks");
  assert.equal(proxy.url, "http://proxy.example.com:3128");
  await visit("#/connections");
  await row("partner").filter({ hasText: "OAuth 2, proxy" }).waitFor();
});

test("who changed what is on a page of its own", async () => {
  await gateway.call("PUT", "/v1/snippets/told", { value: "x" });
  await visit("#/audit");
  await row("/v1/snippets/told").filter({ hasText: "PUT" }).waitFor();
});

test("what would break in production is on a page of its own", async () => {
  await visit("#/doctor");
  await row("Redis: clock").filter({ hasText: "ok" }).waitFor();
  await row("certificate authorities").waitFor();
});

test("deliveries are found by customer, and their story tells how each attempt went", async () => {
  await gateway.call("PUT", "/v1/actions/storied", { url: `${gateway.url}/bin/storied`, body: "{}" });
  await gateway.call("POST", "/v1/deliveries", { id: "storied-1", action: "storied", data: { customer: { id: "c-4711" } } });
  await visit("#/deliveries?customer=c-4711");
  await row("storied-1").filter({ hasText: "sent" }).waitFor();
  await visit("#/deliveries/storied-1");
  await seen("first byte after");
  await page.getByRole("button", { name: "Copy as curl" }).waitFor();
});

test("a reporting webhook is made and told", async () => {
  await visit("#/reporting/+");
  await page.getByLabel("Id", { exact: true }).fill("warehouse");
  await page.getByLabel("Address").fill(`${gateway.url}/bin/warehouse`);
  await page.getByLabel("drafted").uncheck();
  await button("Save").click();
  await seen("Saved. It hears of what happens from now on.");
  await gateway.action("reported");
  await gateway.enqueue({ action: "reported", data: {} });
  await gateway.until("/v1/reporting-webhooks/warehouse", (webhook) => webhook.status.delivered > 0);

  await page.getByRole("link", { name: "All reporting webhooks" }).click();

  await row("warehouse").filter({ hasText: "flows" }).waitFor();
});

test("a snippet is written, its mistake marked", async () => {
  await visit("#/snippets/+");
  await page.getByLabel("Name").fill("address");
  await write("Text", "1 Main St {{ customer.city | upcas }}");
  await button("Save").click();
  await page.locator(".problems.bad code", { hasText: "value:1:" }).waitFor();

  await write("Text", "1 Main St {{ customer.city | upcase }}");
  await button("Save").click();
  await heading("address").waitFor();
});

test("everything is reached without a mouse", async () => {
  await visit("", { signedIn: false });
  await page.waitForFunction(() => document.activeElement?.name === "token");
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await heading("Now").waitFor();

  await page.keyboard.press("Tab");
  await page.getByText("Skip to the page").filter({ visible: true }).waitFor();
  const reached = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement?.textContent.trim()));
    if (reached.at(-1)?.startsWith("Actions")) break;
  }
  await page.keyboard.press("Enter");
  await heading("Actions").waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "Actions" && document.activeElement.tagName === "H1");
});

test("the page is small", async (t) => {
  await visit("");
  await page.locator(".figures").waitFor();
  const overview = sum(await files());
  await page.goto(`${gateway.url}/#/actions/+`);
  await page.locator(".cm-content").first().waitFor();
  const all = sum(await files());

  t.diagnostic(`${Math.round(overview / 1000)} kB without the composer, ${Math.round(all / 1000)} kB with it`);
  assert.ok(overview < 100_000, `${overview} bytes without the composer`);
  assert.ok(all < 350_000, `${all} bytes with the composer`);
});

test("the page names all that Now needs, and is all that a second visit asks for", async () => {
  await visit("");
  await page.locator(".figures").waitFor();
  const named = (await (await fetch(gateway.url)).text()).match(/\/dashboard\/[^"]+/g);
  const unnamed = (await files()).map((file) => file.path).filter((path) => path !== "/" && !named.includes(path));
  assert.deepEqual(unnamed, [], "found only when another file had come: preload it in index.html");

  await page.goto(`${gateway.url}/`);
  await page.locator(".figures").waitFor();
  const asked = (await files()).filter((file) => file.transferred > 0).map((file) => file.path);
  assert.deepEqual(asked, ["/"]);
});

test("the frame is painted before any script has come", async (t) => {
  const paints = [];
  for (let i = 0; i < 5; i++) {
    await visit("");
    await page.locator(".figures").waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
    await page.context().close();
  }
  paints.sort((a, b) => a - b);
  t.diagnostic(`first paint, files not yet kept: median ${Math.round(paints[2])} ms of ${paints.map(Math.round).join(", ")}`);

  const context = await browser.newContext();
  adopt(await context.newPage());
  page.faults = [];
  const held = [];
  await page.route("**/*.js", (route) => held.push(route));
  await page.goto(gateway.url, { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  assert.ok(held.length > 0);
  await Promise.all(held.map((route) => route.abort()));
});

const sum = (list) => list.reduce((all, file) => all + file.size, 0);

/** The page and all it loaded, the stream of states left out; sizes are bytes on the wire. */
const files = () =>
  page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .map(({ name, encodedBodySize, transferSize }) => ({ path: new URL(name).pathname, size: encodedBodySize, transferred: transferSize }))
      .filter((file) => !file.path.startsWith("/v1/")),
  );
