// A gateway of its own with an embedded Redis, and a Chromium that tells everything that goes wrong on a page.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../../../..");
const JAVA = process.env.JAVA ?? "java";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const TOKEN = "token-of-the-browser-tests";

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export class Gateway {
  /** @param settings environment variables beside those that the tests need */
  constructor(settings = {}) {
    this.settings = settings;
    this.folder = mkdtempSync(join(tmpdir(), "posthaste-browser-"));
  }

  /** Starts, or starts again on the same port and data. */
  async start() {
    this.redisPort ??= await freePort();
    this.process = spawn(
      JAVA,
      ["-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-jar", join(ROOT, "gateway/target/posthaste.jar"), "serve"],
      {
        cwd: this.folder,
        env: {
          ...process.env,
          POSTHASTE_ADMIN_PORT: String(this.port ?? 0),
          POSTHASTE_ADMIN_TOKEN: TOKEN,
          POSTHASTE_BIN_ENABLED: "true",
          POSTHASTE_REDIS_EMBEDDED_PORT: String(this.redisPort),
          ...this.settings,
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    this.port = await this.#announcedPort();
    this.url = `http://127.0.0.1:${this.port}`;
  }

  #announcedPort() {
    return new Promise((resolve, reject) => {
      let output = "";
      this.process.stdout.on("data", (chunk) => {
        output += chunk;
        const port = /open +http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (port) resolve(Number(port));
      });
      this.process.on("exit", () => reject(new Error(`the gateway did not start: ${output}`)));
    });
  }

  stop() {
    return new Promise((resolve) => {
      this.process.once("exit", resolve);
      this.process.kill("SIGTERM");
    });
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async call(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Saves an action that sends to a bin of the same name. */
  action(id, fields = {}) {
    return this.call("PUT", `/v1/actions/${id}`, { url: `${this.url}/bin/${id}`, body: '{"name": {{ customer.name | to_json }} }', ...fields });
  }

  bin(name, script) {
    return this.call("PUT", `/v1/bins/${name}`, script);
  }

  enqueue(...jobs) {
    return this.call("POST", "/v1/deliveries", jobs);
  }

  /** Writes to the inbox as a producer does. */
  xadd(...fields) {
    const password = readFileSync(join(this.folder, "data/redis/password"), "utf8");
    const commands = [["AUTH", password], ["XADD", "posthaste:{0}:inbox", "*", ...fields], ["QUIT"]];
    const text = commands
      .map((command) => `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`)
      .join("");
    return new Promise((resolve, reject) => {
      let answers = "";
      const socket = connect(this.redisPort, "127.0.0.1", () => socket.write(text));
      socket.on("data", (answer) => (answers += answer));
      socket.once("end", () => (/^-/m.test(answers) ? reject(new Error(answers)) : resolve(answers)));
      socket.once("error", reject);
    });
  }

  /** Waits until the condition, a function of the API's answer to `path`, holds. */
  async until(path, condition, patience = 30_000) {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await this.call("GET", path);
      if (condition(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`${path} stayed ${JSON.stringify(answer).slice(0, 500)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

export const launch = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });

/** The browser's own note of a refusal, which is an answer like others. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4/;

/** A page whose console errors, uncaught errors and policy violations are collected in `page.faults`. */
export async function open(browser, gateway, { path = "", signedIn = true, width = 1280, height = 900, scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, permissions: ["clipboard-write", "clipboard-read"] });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && !REFUSED.test(message.text()) && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await page.addInitScript(
    ([token, signedIn]) => {
      document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
      if (signedIn) sessionStorage.setItem("posthaste.token", token);
    },
    [TOKEN, signedIn],
  );
  await page.goto(`${gateway.url}/${path}`);
  return page;
}
