// What is completed where, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { pathsOf, suggest } = await load("completion.js");

const language = {
  variables: [
    { name: "customer", about: "the person", only_in_answers: false },
    { name: "journey", about: "a campaign's", only_in_answers: false },
    { name: "response", about: "the answer", only_in_answers: true },
  ],
  tags: [
    { name: "if", about: "a branch", example: "{% if a %}b{% endif %}", end: "endif" },
    { name: "elsif", about: "a branch", example: "{% if a %}b{% elsif c %}{% endif %}", end: "" },
    { name: "else", about: "a branch", example: "{% if a %}b{% else %}{% endif %}", end: "" },
    { name: "for", about: "a loop", example: "{% for a in b %}{% endfor %}", end: "endfor" },
    { name: "assign", about: "names", example: "{% assign a = b %}", end: "" },
  ],
  filters: [
    { name: "append", about: "puts behind", example: '{{ a | append: "!" }}', kind: "Text" },
    { name: "upcase", about: "upper case", example: "{{ a | upcase }}", kind: "Text" },
  ],
};
const sample = { customer: { name: "Ada", "first name": "A", address: { city: "Paris" } }, event: { items: [{ sku: "b", price: 20 }] }, "no name": 1 };
const words = { language, sample, secrets: ["zendesk", "a.b"], snippets: ["address"] };

const at = (before, more = {}) => suggest(before, { ...words, ...more });
const labels = (before, more) => at(before, more)?.options.map((option) => option.label) ?? null;

test("outside of tags and outputs nothing is completed", () => {
  for (const text of ["", "customer", "{{ customer.name }} cust", "{% if a %} cust", "{ {", '{{ "a" }}', "}} {"]) assert.equal(at(text), null, text);
});

test("within a text of a template nothing is completed", () => {
  assert.equal(at('{{ "cust'), null);
  assert.equal(at("{{ customer.name | append: 'a }} b"), null);
  assert.notEqual(at("{{ \"}}\" | up"), null);
});

test("an output begins with variables: the sample's, the dialect's, what is stored", () => {
  const found = at("{{ ");
  assert.equal(found.due, true);
  assert.equal(found.from, 3);
  const names = found.options.map((option) => option.label);
  for (const name of ["customer", "customer.name", "customer.address.city", 'customer["first name"]', "event.items", "event.items[0].price", "journey", "delivery.id", "secrets.zendesk", 'secrets["a.b"]', "snippets.address"])
    assert.ok(names.includes(name), name);
  assert.ok(!names.includes("response"));
  assert.ok(!names.some((name) => name.includes("no name")));
  assert.equal(found.options.find((option) => option.label === "customer.name").about, '"Ada"');
  assert.ok(labels("{{ ", { answers: true }).includes("response"));
});

test("a word that is begun is completed from where it begins", () => {
  assert.equal(at("x {{ customer.na").from, "x {{ ".length);
  assert.equal(at("{{- customer.na").from, "{{- ".length);
  assert.equal(at("{% if customer.pl").from, "{% if ".length);
  assert.equal(at("{{ event.items[0].s").from, "{{ ".length);
});

test("behind a value nothing comes up unasked", () => {
  assert.equal(at("{{ customer.name ").due, false);
  assert.equal(at("{% if ").due, true);
  assert.equal(at("{% for item in ").due, true);
  assert.equal(at("{% assign a = ").due, true);
  assert.equal(at("{% assign ").due, false);
});

test("behind a bar stand filters, and know whether arguments follow", () => {
  const found = at("{{ customer.name | ");
  assert.deepEqual(found.options.map((option) => [option.label, option.colon]), [["append", true], ["upcase", false]]);
  assert.equal(found.from, "{{ customer.name | ".length);
  assert.equal(at("{% assign a = b | up").from, "{% assign a = b | ".length);
  assert.deepEqual(labels('{{ a | append: "|" | '), ["append", "upcase"]);
});

test("a tag begins with tags; what goes on with a block only within one, its end first", () => {
  assert.deepEqual(labels("{% "), ["if", "for", "assign"]);
  assert.deepEqual(labels("{%- "), ["if", "for", "assign"]);
  assert.deepEqual(labels("{% if a %}{% for b in c %}{% "), ["endfor", "endif", "if", "elsif", "else", "for", "assign"]);
  assert.deepEqual(labels("{% if a %}{% endif %}{% e"), ["if", "for", "assign"]);
  assert.deepEqual(labels("{% if a %}{% e").slice(0, 1), ["endif"]);
});

test("what the template named itself is completed, and the items of a loop with their parts", () => {
  assert.ok(labels("{% assign total = 1 %}{{ ").includes("total"));
  assert.ok(labels("{% capture text %}{% endcapture %}{{ ").includes("text"));
  const names = labels("{% for item in event.items %}{{ ");
  for (const name of ["item", "item.sku", "forloop.last"]) assert.ok(names.includes(name), name);
  assert.ok(!labels("{{ ").includes("forloop.last"));
});

test("before the gateway has told its language, the sample is completed", () => {
  assert.ok(labels("{{ ", { language: null }).includes("customer.name"));
  assert.equal(at("{{ a | ", { language: null }), null);
  assert.equal(suggest("{{ ", { language: null, sample: null }), null);
});

test("a sample that is wide, deep or hostile gives a bounded list", () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`n${i}`, { inner: i }]));
  assert.equal(pathsOf(wide).length, 300);
  let deep = {};
  for (let i = 0; i < 1000; i++) deep = { deep };
  assert.ok(pathsOf(deep).length <= 5);
  assert.deepEqual(pathsOf({ a: { "\"'": 1, __proto__: null } }).map(([path]) => path), ["a"]);
  const started = performance.now();
  at(`${"{{ a".repeat(100_000)} `);
  assert.ok(performance.now() - started < 1000);
});
