// Verifies requests with the reference library. Input: one JSON document per line, {secret, headers, body}.
// Output: one line for each, "valid" or what the library says is wrong.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log("valid");
  } catch (problem) {
    console.log(problem.message);
  }
}
