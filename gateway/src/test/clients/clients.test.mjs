// Clients that OpenAPI Generator makes of openapi.json, on a gateway with an embedded Redis and a receiver that refuses first requests.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

const { JAVA, JAR, CLIENTS } = process.env;
const TOKEN = "token-of-the-tests-of-clients";
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "posthaste-clients-"));

/** What the receiver was sent, by path. */
const requests = new Map();
const receiver = createServer((request, response) => {
  const body = [];
  request.on("data", (piece) => body.push(piece));
  request.on("end", () => {
    const before = requests.get(request.url) ?? [];
    requests.set(request.url, [...before, `${request.method} ${Buffer.concat(body)}`]);
    response.writeHead(before.length === 0 ? 404 : 200).end();
  });
});
let gateway;
let gatewayUrl;
let receiverUrl;

const listening = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

async function freePort() {
  const probe = createSocket();
  const port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

before(async () => {
  const port = await listening(receiver);
  receiverUrl = `http://127.0.0.1:${port}`;
  gateway = spawn(JAVA, ["-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-jar", JAR, "serve"], {
    cwd: folder,
    env: {
      ...process.env,
      POSTHASTE_ADMIN_PORT: "0",
      POSTHASTE_ADMIN_TOKEN: TOKEN,
      POSTHASTE_SEND_ALLOW_ADDRESSES: `127.0.0.1/32:${port}`,
      POSTHASTE_LOG_LEVEL: "warn",
      POSTHASTE_REDIS_EMBEDDED_PORT: String(await freePort()),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  gatewayUrl = await new Promise((resolve, reject) => {
    let said = "";
    gateway.stdout.on("data", (piece) => {
      said += piece;
      const url = /open +(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
    gateway.on("exit", () => reject(new Error(`the gateway did not start: ${said}`)));
  });
});

after(async () => {
  const ended = new Promise((resolve) => gateway.once("exit", resolve));
  gateway.kill("SIGTERM");
  await ended;
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

test("a Java client makes, reads and re-sends a delivery", async () => {
  await run(JAVA, ["-cp", `${CLIENTS}/java-classes:${CLIENTS}/lib/*`, "Journey", gatewayUrl, TOKEN, receiverUrl]);
  wasSentTwice("/java");
});

test("a TypeScript client makes, reads and re-sends a delivery", async () => {
  const { journey } = createRequire(import.meta.url)(`${CLIENTS}/typescript-classes/journey.js`);
  await journey(gatewayUrl, TOKEN, receiverUrl);
  wasSentTwice("/typescript");
});

/** The same bytes both times. */
function wasSentTwice(path) {
  const request = 'PUT {"name": "Zoë", "total": 3}';
  assert.deepEqual(requests.get(path), [request, request]);
}

test("every type has a name that somebody gave it", () => {
  const types = readdirSync(`${CLIENTS}/typescript/client/models`);
  assert.ok(types.includes("Delivery.ts"));
  assert.deepEqual(types.filter((name) => /Inner|OneOf|AnyOf|AllOf|InlineObject|\d{3}Response|Request\d/.test(name)), []);
});
