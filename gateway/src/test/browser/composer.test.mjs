// What people do in the composer, done in a browser.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Gateway, launch, open } from "./harness.mjs";

const gateway = new Gateway();
let browser;
let page;

before(async () => {
  await gateway.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await gateway.close();
});

afterEach(async () => {
  if (!page) return;
  const { faults } = page;
  await page.context().close();
  page = null;
  assert.deepEqual(faults, [], "console errors and policy violations");
});

async function visit(path, options) {
  page = await open(browser, gateway, { path, ...options });
  return page;
}

const button = (name, scope = page) => scope.getByRole("button", { name, exact: true });
const seen = (text, scope = page) => scope.getByText(text).first().waitFor();
const box = (name) => page.getByRole("textbox", { name, exact: true });
const textOf = async (name) => (await box(name).locator(".cm-line").allInnerTexts()).join("\n");

/** What the editor of that label holds is replaced, as typing would. */
async function write(label, text) {
  await box(label).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const options = () => page.getByRole("listbox").getByRole("option");
const option = (text) => options().filter({ hasText: text });

/** The list that is open now has this option chosen. */
const chosen = (text) => page.locator('[role="option"][aria-selected="true"]').filter({ hasText: text }).waitFor();

test("the body is completed by keyboard: variables of the sample, filters, tags with their end", async () => {
  await gateway.call("PUT", "/v1/secrets/zendesk", { value: "never shown" });
  await visit("#/actions/+");
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
  assert.equal(await textOf("Body"), "{{ customer.name | to_json }}");
  await seen('"Ada Lovelace"', page.locator(".preview"));

  await page.keyboard.press("Control+End");
  await page.keyboard.type("{% unl");
  await chosen("unless");
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  assert.equal(await textOf("Body"), "{{ customer.name | to_json }}{% unless  %}{% endunless %}");
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
  await page.waitForFunction(() => true);
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
