// curl commands as people paste them, and the actions they become.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { actionOf, isCurl } = await load("curl.js");

/** The action that the command becomes, shortened: method, url, headers as lines, body. */
function made(text) {
  const { action, refused } = actionOf(text);
  assert.deepEqual(refused, [], text);
  return [action.method, action.url, action.headers.map(({ name, value }) => `${name}: ${value}`), action.body];
}

const FORM = "Content-Type: application/x-www-form-urlencoded";
const U = "https://h.example/x";

const MADE = [
  ["an address alone is a GET", `curl ${U}`, ["GET", U, [], ""]],
  ["with a prompt in front", `  $ curl ${U}\n`, ["GET", U, [], ""]],
  ["without a scheme it is http", "curl h.example", ["GET", "http://h.example", [], ""]],
  ["--url", `curl --url ${U}`, ["GET", U, [], ""]],
  ["-X", `curl -X DELETE ${U}`, ["DELETE", U, [], ""]],
  ["-X attached, and in lower case", `curl -Xput ${U}`, ["PUT", U, [], ""]],
  ["--request", `curl --request PATCH '${U}'`, ["PATCH", U, [], ""]],
  ["short options in one word", `curl -sSLX POST ${U}`, ["POST", U, [], ""]],
  ["data makes it a POST of a form", `curl ${U} -d a=1`, ["POST", U, [FORM], "a=1"]],
  ["data again and again", `curl -d a=1 --data b=2 ${U} --data-ascii c`, ["POST", U, [FORM], "a=1&b=2&c"]],
  ["-d attached", `curl -da=1 ${U}`, ["POST", U, [FORM], "a=1"]],
  ["its own content type", `curl ${U} -H 'content-type: application/json' -d '{"a": 1}'`, ["POST", U, ["content-type: application/json"], '{"a": 1}']],
  ["-H attached", `curl ${U} -H'X-A: b'`, ["GET", U, ["X-A: b"], ""]],
  ["a header without a value", `curl ${U} -H 'X-A;'`, ["GET", U, ["X-A: "], ""]],
  ["a header with colons", `curl ${U} -H 'X-A: b:c;d'`, ["GET", U, ["X-A: b:c;d"], ""]],
  ["the last of two", `curl ${U} -H 'X-A: 1' -H 'x-a: 2'`, ["GET", U, ["x-a: 2"], ""]],
  ["--data-raw with an at sign", `curl ${U} --data-raw '@x'`, ["POST", U, [FORM], "@x"]],
  ["--data-binary", `curl ${U} --data-binary 'a\nb' -H 'Content-Type: text/plain'`, ["POST", U, ["Content-Type: text/plain"], "a\nb"]],
  ["--data-urlencode, each way", `curl ${U} --data-urlencode 'a b&c' --data-urlencode '=x y' --data-urlencode 'n=ü +'`, ["POST", U, [FORM], "a%20b%26c&x%20y&n=%C3%BC%20%2B"]],
  ["--data-urlencode leaves templates to be rendered", `curl ${U} --data-urlencode 'n=a {{ customer.name }}'`, ["POST", U, [FORM], "n=a%20{{ customer.name | url_encode }}"]],
  ["--json", `curl ${U} --json '{"a":' --json '1}'`, ["POST", U, ["Content-Type: application/json", "Accept: application/json"], '{"a":1}']],
  ["--json with another type", `curl ${U} --json '{}' -H 'Content-Type: application/vnd.x+json'`, ["POST", U, ["Content-Type: application/vnd.x+json", "Accept: application/json"], "{}"]],
  ["-G puts the data into the query", `curl -G ${U} -d a=1 --data-urlencode 'b=x y'`, ["GET", `${U}?a=1&b=x%20y`, [], ""]],
  ["-G beside a query and a fragment", `curl -G '${U}?q=1#f' -d a=1`, ["GET", `${U}?q=1&a=1#f`, [], ""]],
  ["--url-query", `curl ${U} --url-query 'a=x y' -d b=1`, ["POST", `${U}?a=x%20y`, [FORM], "b=1"]],
  ["-u", `curl -u agent:s3cret ${U}`, ["GET", U, ["Authorization: Basic YWdlbnQ6czNjcmV0"], ""]],
  ["-u without a password", `curl -u key: ${U}`, ["GET", U, ["Authorization: Basic a2V5Og=="], ""]],
  ["-u beyond ASCII", `curl -u 'ü:ß' ${U}`, ["GET", U, ["Authorization: Basic w7w6w58="], ""]],
  ["--oauth2-bearer, -A, -e, -b", `curl ${U} --oauth2-bearer t -A me -e https://r.example -b 'a=1; b=2'`, ["GET", U, ["Authorization: Bearer t", "User-Agent: me", "Referer: https://r.example", "Cookie: a=1; b=2"], ""]],
  ["line continuations", `curl -X POST \\\n  ${U} \\\n  -H 'X-A: b' \\\n  -d 'a=1'\n`, ["POST", U, ["X-A: b", FORM].reverse(), "a=1"]],
  ["line continuations of Windows", `curl -X POST \\\r\n  ${U} \\\r\n  -d a=1`, ["POST", U, [FORM], "a=1"]],
  ["a blank behind the backslash", `curl ${U} \\ \n  -d a=1`, ["POST", U, [FORM], "a=1"]],
  ["single quotes keep all", `curl ${U} -d 'a"\\n$b'`, ["POST", U, [FORM], 'a"\\n$b']],
  ["a quote within single quotes", `curl ${U} -d 'it'\\''s'`, ["POST", U, [FORM], "it's"]],
  ["double quotes with escapes", `curl ${U} -d "{\\"a\\": \\"\\\\ \\n \\$\\"}"`, ["POST", U, [FORM], '{"a": "\\ \\n $"}']],
  ["quotes of both kinds in one word", `curl ${U} -d a'b c'"d e"f`, ["POST", U, [FORM], "ab cd ef"]],
  ["an empty word", `curl ${U} -d ''`, ["POST", U, [FORM], ""]],
  ["escapes outside of quotes", `curl ${U} -d a\\ b\\&c`, ["POST", U, [FORM], "a b&c"]],
  ["an address with & unquoted within a word", `curl https://h.example/?a=1&b=2`, ["GET", "https://h.example/?a=1&b=2", [], ""]],
  ["$'…' as browsers copy it", `curl ${U} --data-raw $'{"a":"it\\'s \\u00fc\\n\\x41\\t!"}'`, ["POST", U, [FORM], '{"a":"it\'s ü\nA\t!"}']],
  ["carets as browsers copy them for cmd", `curl ^"${U}^" ^\n  -H ^"Content-Type: application/json^" ^\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b^\\^"^}^"`, ["POST", U, ["Content-Type: application/json"], '{"a":"b"}']],
  ["curl.exe", `curl.exe ${U}`, ["GET", U, [], ""]],
  ["templates stay", `curl 'https://h.example/{{ customer.id }}' -d '{"a": {{ event | to_json }} }'`, ["POST", "https://h.example/{{ customer.id }}", [FORM], '{"a": {{ event | to_json }} }']],
  ["what the gateway writes itself goes", `curl ${U} -H 'Host: other' -H 'Content-Length: 3' -H 'Accept-Encoding: gzip' -H 'Connection: close' -H 'X: y'`, ["GET", U, ["X: y"], ""]],
  ["an option's value is no address", `curl -o out.json -m 5 --retry 3 ${U}`, ["GET", U, [], ""]],
  ["Stripe's own way", `curl https://api.stripe.example/v1/charges -u sk_test_x: -d amount=2000 -d currency=usd`, ["POST", "https://api.stripe.example/v1/charges", [FORM, "Authorization: Basic c2tfdGVzdF94Og=="], "amount=2000&currency=usd"]],
];

for (const [name, text, expected] of MADE) test(name, () => assert.deepEqual(made(text), expected));

const REFUSED = [
  ["a multipart form", `curl ${U} -F 'a=@b.png'`, /multipart form \(-F\) cannot be sent/],
  ["a multipart form, long", `curl ${U} --form a=b`, /multipart/],
  ["a file as data", `curl ${U} -d @body.json`, /@body\.json is a file/],
  ["a file as data, encoded", `curl ${U} --data-urlencode name@file`, /is a file/],
  ["a file as JSON", `curl ${U} --json @b`, /is a file/],
  ["an upload", `curl -T x.zip ${U}`, /file \(-T\)/],
  ["headers of a file", `curl ${U} -H @h`, /reads headers from a file/],
  ["options of a file", `curl -K conf`, /file of options/],
  ["a HEAD", `curl -I ${U}`, /HEAD is not sent; an action's method is one of POST, GET/],
  ["another method", `curl -X PURGE ${U}`, /PURGE is not sent/],
  ["Digest", `curl --digest -u a:b ${U}`, /Digest/],
  ["no address", "curl -X POST -d a=1", /names no address/],
  ["half a command", `curl ${U} -d 'a`, /ends within a text that ' begins/],
  ["an option without its value", `curl ${U} -H`, /--header has no value/],
  ["another command", "wget https://h.example", /no curl command/],
  ["nothing", "", /no curl command/],
];

for (const [name, text, why] of REFUSED) {
  test(`${name} is refused with a word`, () => {
    const { action, refused } = actionOf(text);
    assert.equal(action, null);
    assert.ok(refused.some((one) => why.test(one)), refused.join(" | "));
  });
}

const NOTED = [
  ["an unknown option", `curl --frobnicate ${U}`, /--frobnicate is not understood/],
  ["an unknown short option", `curl -9 ${U}`, /-9 is not understood/],
  ["a second address", `curl ${U} https://other.example`, /other\.example is not understood/],
  ["what follows in the shell", `curl ${U} | jq .`, /left out, from here on: \| jq/],
  ["a second command", `curl ${U}\ncurl https://b.example`, /left out, from here on: curl https:\/\/b/],
  ["a second request", `curl ${U} --next https://b.example`, /only the first/],
  ["a variable of the shell", `curl ${U} -H "Authorization: Bearer $TOKEN"`, /\$TOKEN is for your shell/],
  ["a command within", `curl ${U} -d "$(date)"`, /\$\( is for your shell/],
  ["redirects", `curl -L ${U}`, /redirects are not followed/],
  ["unchecked certificates", `curl -k ${U}`, /certificates are always checked/],
  ["a proxy", `curl -x http://p:1 ${U}`, /a connection names the proxy/],
  ["a time", `curl -m 3 ${U}`, /the retry policy/],
  ["headers of ours", `curl ${U} -H 'Host: x'`, /Host is set by the gateway/],
  ["credentials in a header", `curl ${U} -H 'Authorization: Bearer x'`, /Authorization holds a credential/],
  ["credentials in the address", `curl https://a:b@h.example/`, /the address holds a credential/],
  ["a password that curl would ask for", `curl -u agent ${U}`, /has no password/],
  ["cookies of a file", `curl -b jar.txt ${U}`, /reads cookies from a file/],
  ["patterns", `curl 'https://h.example/{a,b}'`, /pattern of curl/],
  ["no scheme", "curl h.example", /had no scheme/],
];

for (const [name, text, note] of NOTED) {
  test(`${name}: told, and the rest is taken`, () => {
    const { action, notes } = actionOf(text);
    assert.ok(action);
    assert.ok(notes.some((one) => note.test(one)), notes.join(" | "));
  });
}

test("a secret that is a template is no credential written out", () => {
  assert.deepEqual(actionOf(`curl ${U} -H 'Authorization: Bearer {{ secrets.crm }}'`).notes, []);
});

test("a command that is too long is refused, a long one read in no time", () => {
  assert.match(actionOf(`curl ${U} -d ${"x".repeat(300_000)}`).refused[0], /longer than 256 KiB/);
  const started = performance.now();
  made(`curl ${U} -d '${"{[\"$^\\".repeat(40_000)}'`);
  actionOf(`curl ${U} -d "${"$`{{".repeat(50_000)}"`);
  actionOf(`curl --data-urlencode '${"{{".repeat(50_000)}' ${U}`);
  assert.ok(performance.now() - started < 3_000);
});

test("what is a curl command", () => {
  for (const text of ["curl x", " $ curl x", "curl\nx", "curl.exe x"]) assert.ok(isCurl(text), text);
  for (const text of ["curly x", "https://curl.example", "xcurl y", "curl"]) assert.ok(!isCurl(text), text);
});
