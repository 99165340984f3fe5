// What of an action is never written into the browser's storage.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { withoutCredentials } = await load("credentials.js");

const CANARY = "cAnary7SecretValue42";
const action = (fields) => ({ url: "https://h.example/", headers: [], body: "", ...fields });
const header = (name, value) => action({ headers: [{ name, value }] });

test("a credential is left out wherever it is written", () => {
  for (const [fields, left] of [
    [header("Authorization", `Bearer ${CANARY}`), ["header Authorization"]],
    [header("Authorization", "Basic YTpi"), ["header Authorization"]],
    [header("Cookie", "sid=1"), ["header Cookie"]],
    [header("X-Api-Key", "hunter2"), ["header X-Api-Key"]],
    [header("X-Other", CANARY), ["header X-Other"]],
    [header("Authorization", `Basic {{ "a:hunter2" | base64 }}`), ["header Authorization"]],
    [action({ url: "https://agent:hunter2@h.example/x" }), ["URL"]],
    [action({ url: "https://h.example/x?token=hunter2&a=1" }), ["URL"]],
    [action({ url: "https://hooks.slack.example/services/T0000/B0000/XXXXxxxx1234567890abcdef" }), ["URL"]],
    [action({ body: '{"api_key": "hunter2", "a": 1}' }), ["body"]],
    [action({ body: `{"routing": "${CANARY}"}` }), ["body"]],
    [action({ body: "a=1&password=hunter2" }), ["body"]],
    [action({ body: `plain ${CANARY} text` }), ["body"]],
    [action({ body: `{{ "${CANARY}" }}` }), ["body"]],
  ]) {
    const { clean, left: told } = withoutCredentials(fields);
    const text = JSON.stringify(clean);
    for (const secret of [CANARY, "hunter2", "YTpi", "sid=1", "1234567890abcdef"]) assert.ok(!text.includes(secret), text);
    assert.deepEqual(told, left, JSON.stringify(fields));
  }
});

test("the rest stays as it is, templates and the gateway's own secrets too", () => {
  for (const fields of [
    action({ url: "https://api.example.com/v1/contacts/{{ customer.id }}?email={{ customer.email | url_encode }}#top" }),
    action({ url: "https://{{ secrets.user }}:{{ secrets.password }}@h.example/hook/{{ secrets.hook_of_the_team_2024 }}" }),
    header("Authorization", "Bearer {{ secrets.crm }}"),
    header("Content-Type", "application/x-www-form-urlencoded"),
    action({ body: '{\n  "token": {{ secrets.hook | to_json }},\n  "name": {{ customer.first_name_and_last_name | to_json }},\n  "text": "a plain sentence of many words"\n}' }),
    action({ body: "To={{ customer.phone | url_encode }}&Body=Hi+there" }),
  ]) assert.deepEqual(withoutCredentials(fields), { clean: fields, left: [] });
});
