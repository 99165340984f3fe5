// Every page at three widths and in both themes: nothing overflows, nothing complains, axe-core finds nothing serious, and
// a picture is kept in target/pictures; with PICTURES the best of them there.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { Gateway, launch, open } from "./harness.mjs";

const FOLDER = resolve(import.meta.dirname, "../../../target/pictures");
const BEST = process.env.PICTURES;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Address of each page, and what is on it once it is complete. */
const PAGES = {
  now: ["", ".lanes td"],
  span: ["#/?span=24h", ".columns .good"],
  hosts: ["#/hosts", "td"],
  host: [null, ".figures"],
  deliveries: ["#/deliveries?state=failed", "td"],
  delivery: ["#/deliveries/order-1", ".timeline .good, .timeline .bad"],
  drafts: ["#/drafts", ".review .wire"],
  quarantine: ["#/quarantine", ".headers"],
  actions: ["#/actions", "td"],
  composer: ["#/actions/zendesk-ticket", ".preview .wire"],
  recipes: ["#/actions/+/recipes", ".gallery li"],
  versions: ["#/actions/welcome/versions", ".diff"],
  snippets: ["#/snippets", "td"],
  person: ["#/people/1007", ".cm-content"],
  secrets: ["#/secrets", "td"],
  connections: ["#/connections", "td"],
  connection: ["#/connections/partner", "textarea"],
  audit: ["#/audit", "td"],
  keys: ["#/keys", "td"],
  reporting: ["#/reporting", "td"],
};

/** What is looked at; `judged` by axe-core where sizes and colours differ. */
const LOOKS = [
  { width: 1280, scheme: "light", judged: true },
  { width: 1280, scheme: "dark", judged: true },
  { width: 400, scheme: "light", judged: true },
  { width: 2000, scheme: "dark", judged: false },
];

const gateway = new Gateway();
let browser;
let load;

/** A host's address has the port that the gateway got. */
const address = (path) => `${gateway.url}/${path ?? `#/hosts/127.0.0.1:${gateway.port}`}`;

before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  if (BEST) mkdirSync(BEST, { recursive: true });
  await gateway.start();
  browser = await launch();
  await fill();
});

after(async () => {
  clearInterval(load);
  await browser?.close();
  await gateway.close();
});

/** A morning at a shop: most deliveries arrive, one partner is down, one is slow, one hook is gone. */
async function fill() {
  const zendesk = {
    name: "Create a Zendesk ticket",
    url: `${gateway.url}/bin/zendesk-ticket`,
    body: '{\n  "ticket": {\n    "subject": {{ event.feedback | default: "Hello" | to_json }},\n    "requester": {\n      "name": {{ customer.name | to_json }},\n      "email": {{ customer.email | to_json }}\n    }\n  }\n}',
    response_attributes: [{ attribute: "ticket_id", template: "{{ response.ticket.id }}" }],
  };
  await gateway.call("PUT", "/v1/actions/zendesk-ticket", zendesk);
  await gateway.action("welcome", { name: "Welcome message" });
  await gateway.action("welcome", { name: "Welcome message", body: '{\n  "name": {{ customer.name | to_json }},\n  "plan": {{ customer.plan | default: "free" | to_json }}\n}' });
  await gateway.action("crm-sync", { name: "Sync to the CRM" });
  await gateway.action("slow-partner", { name: "Loyalty partner" });
  await gateway.action("old-hook", { name: "Retired hook" });
  await gateway.action("offers", { name: "Offers, reviewed", sending: "draft" });
  await gateway.bin("zendesk-ticket", { status: 201, body: '{"ticket":{"id":35436}}' });
  await gateway.bin("crm-sync", { status: 503, body: '{"error":"maintenance until 22:00"}' });
  await gateway.bin("slow-partner", { delay_ms: 2200 });
  await gateway.bin("old-hook", { status: 410, body: '{"error":"this hook was removed"}' });
  await gateway.call("PUT", "/v1/secrets/zendesk", { value: "a-token-of-zendesk" });
  await gateway.call("PUT", "/v1/connections/partner", { oauth2: { token_url: "https://login.partner.example/token", client_id: "posthaste", client_secret: "a-secret-of-the-partner" }, proxy: { url: "http://proxy.example.com:3128" } });
  await gateway.call("PUT", "/v1/people/1007", { name: "Ada Lovelace", email: "ada@example.com", plan: "pro", lifetime_value: 129.5 });
  await gateway.call("PUT", "/v1/reporting-webhooks/warehouse", { url: `${gateway.url}/bin/warehouse`, metrics: ["sent", "failed"] });
  await gateway.call("PUT", "/v1/snippets/postal_address", { value: "{{ customer.street }}, {{ customer.city }}" });

  const customer = (i) => ({ id: `${1000 + i}`, name: ["Ada Lovelace", "Grace Hopper", "Zoë O'Neil", "山田 太郎"][i % 4], email: `person${i}@example.com` });
  const jobs = (count, action, more = () => ({})) => Array.from({ length: count }, (_, i) => ({ action, data: { customer: customer(i) }, ...more(i) }));
  const next = (wave) => gateway.enqueue(...jobs(30 + Math.round(12 * Math.sin(wave / 18)), "welcome"), ...jobs(20, "zendesk-ticket"), ...(wave % 40 ? [] : jobs(8, "slow-partner")), ...(wave % 8 ? [] : jobs(1, "crm-sync")));
  const HOUR = 3_600_000;
  await gateway.enqueue(...jobs(12, "crm-sync", (i) => ({ id: `order-${i}` })), ...jobs(9, "old-hook"), ...jobs(14, "offers", (i) => ({ id: `offer-${i}` })), ...jobs(40, "slow-partner"));
  await gateway.enqueue(...jobs(600, "welcome", (i) => ({ at: Date.now() + 900_000 + Math.round(3 * HOUR * (i / 600) ** 3) })));
  await gateway.xadd("v", "1", "id", "not an id", "action", "welcome", "data", '{"customer":{"name":"<b>Ada</b>"}}');
  // The pictures to keep show a few minutes, and a load that still runs.
  for (let wave = 0; wave < (BEST ? 300 : 16); wave++) {
    await next(wave);
    await new Promise((done) => setTimeout(done, 500));
  }
  let wave = 0;
  load = setInterval(() => next(wave++).catch(() => {}), 500);
  await gateway.until("/v1/quarantine", (page) => page.quarantine.length === 1);
}

for (const { width, scheme, judged } of LOOKS) {
  test(`every page is whole at ${width} pixels, ${scheme}`, async () => {
    const page = await open(browser, gateway, { width, scheme });
    for (const [name, [path, complete]] of Object.entries(PAGES)) {
      await page.goto(address(path));
      await page.locator(complete).first().waitFor();
      await page.waitForTimeout(name === "now" ? 1200 : 200);
      const picture = join(FOLDER, `${name}-${width}-${scheme}.png`);
      await page.screenshot({ path: picture, fullPage: name === "composer" });
      if (BEST && (name === "now" || (width === 1280 && scheme === "light"))) copyFileSync(picture, join(BEST, basename(picture)));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
      if (judged) assert.deepEqual(await serious(page), [], `accessibility of ${name}`);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

/** The serious findings of axe-core, one line each. */
async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.any?.[0]?.message ?? ""}`).join(" | ")}`);
}
