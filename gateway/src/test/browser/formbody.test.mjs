// Form bodies as rows and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { isForm, rowsOf, textOf } = await load("formbody.js");
const shown = (text) => rowsOf(text).rows.map(({ name, value }) => [name, value]);

test("what is encoded on the wire is readable in rows", () => {
  assert.deepEqual(shown("From=whatsapp%3A%2B14155238886&Body=Hi+there%2C+%C3%BC"), [["From", "whatsapp:+14155238886"], ["Body", "Hi there, ü"]]);
  assert.deepEqual(shown('To={{ "whatsapp:" | append: customer.phone | url_encode }}&id={{customer.id}}'), [["To", '{{ "whatsapp:" | append: customer.phone }}'], ["id", "{{customer.id}}"]]);
  assert.deepEqual(shown('a={{ "x&y=z" }}&b%5B%5D=1'), [["a", '{{ "x&y=z" }}'], ["b[]", "1"]]);
  assert.deepEqual(shown("a={% if x == 1 %}one{% else %}an+other{% endif %}"), [["a", "{% if x == 1 %}one{% else %}an other{% endif %}"]]);
  assert.deepEqual(shown(""), []);
});

test("rows that nobody changed give back the text, byte for byte", () => {
  for (const text of ["a=1&b=2", "a=%20x&b=+x", "a&b=&=c", "a=1&", "&&", "a==b", "a=%3a", 'To={{ "w:" | append: c.p | url_encode }}', "id={{customer.id}}&e={{ e|url_encode}}", "a={{- x -}}", "a=~!*'()"])
    assert.equal(textOf(rowsOf(text).rows), text, text);
});

test("a row that was changed is encoded, its outputs when they are rendered", () => {
  const changed = (name, value) => textOf([{ name, value }]);
  assert.equal(changed("a b", "x & y = ü+"), "a+b=x+%26+y+%3D+%C3%BC%2B");
  assert.equal(changed("e", "{{ customer.email }}"), "e={{ customer.email | url_encode }}");
  assert.equal(changed("e", "{{customer.email}} & {{ b | url_encode }}"), "e={{customer.email | url_encode }}+%26+{{ b | url_encode }}");
  assert.equal(changed("e", "{{- a -}}"), "e={{- a | url_encode -}}");
  assert.equal(changed("e", "{% if a %}x y{% endif %}"), "e={% if a %}x+y{% endif %}");
  assert.equal(changed("", ""), "");
  assert.equal(changed("a", ""), "a=");
});

test("what was changed reads as it was typed", () => {
  for (const value of ["a b", "100 %", "{{ customer.email }}", "{% if a %}x{% endif %} + {{ b }}", "é&=#?/"]) {
    assert.deepEqual(shown(textOf([{ name: "n", value }]))[0][1], value);
  }
});

test("what cannot be rows says why", () => {
  const why = (text) => rowsOf(text).reason;
  assert.match(why("a=1{% if x %}&b=2{% endif %}"), /\{% if %\} holds several parameters/);
  assert.match(why("a=1&b=2{% endif %}"), /began in another parameter/);
  assert.match(why("a=100%"), /% is no escape: a percent sign is written %25/);
  assert.match(why("a=1\n&b=2"), /line ends/);
  assert.match(why("a=%ff"), /not UTF-8/);
  assert.match(why("a={{ x"), /not closed/);
  assert.match(why("a={{ x\n | y }}"), /several lines/);
});

test("a form is known by its content type", () => {
  const of = (value, name = "Content-Type") => isForm([{ name, value }]);
  assert.ok(of("application/x-www-form-urlencoded; charset=utf-8"));
  assert.ok(of("x-www-form-urlencoded", "content-type"));
  assert.ok(!of("application/json"));
  assert.ok(!of("application/x-www-form-urlencoded", "Accept"));
  assert.ok(!isForm([]));
});

test("a long text with many braces is read in no time", () => {
  const started = performance.now();
  rowsOf(`a=${"{{ x ".repeat(5_000)}`);
  rowsOf(`a=${'{{ "x '.repeat(5_000)}`);
  assert.ok(performance.now() - started < 2_000);
});
