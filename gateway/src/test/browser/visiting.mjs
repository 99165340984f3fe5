// One gateway and one browser for the tests of a file; each test's page is closed after it, and held to a clean console.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { Gateway, launch, open } from "./harness.mjs";

export const gateway = new Gateway();

/** The one that was opened last. */
export let page;

export let browser;

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

/** @param on another gateway than that of the file */
export async function visit(path, { on = gateway, ...options } = {}) {
  page = await open(browser, on, { path, ...options });
  return page;
}

/** One that was opened in some other way is closed after the test, too. */
export function adopt(opened) {
  page = opened;
}

export const button = (name, scope = page) => scope.getByRole("button", { name, exact: true });
export const seen = (text, scope = page) => scope.getByText(text).first().waitFor();
