// What watching costs the gateway: CPU of the threads that make and write what dashboards show, while a load runs. Nothing
// else runs on them meanwhile: jobs were enqueued before, and a receiver of our own takes them.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Gateway, TOKEN } from "./harness.mjs";

/** Seconds of each look; 20 for figures to quote. */
const WINDOW = Number(process.env.WINDOW ?? 5);
const WATCHERS = [0, 1, 50];
const WARM_UP = 5;
const ACTIONS = 20;
const PER_SECOND = 300;

const receiver = createServer((request, response) => request.resume().on("end", () => response.end()));
let gateway;

before(async () => {
  await new Promise((done) => receiver.listen(0, "127.0.0.1", done));
  const { port } = receiver.address();
  gateway = new Gateway({ POSTHASTE_SEND_ALLOW_ADDRESSES: `127.0.0.1/32:${port}`, POSTHASTE_BIN_ENABLED: "false" });
  await gateway.start();
  for (let i = 0; i < ACTIONS; i++) {
    await gateway.action(`watched-${i}`, { url: `http://127.0.0.1:${port}/` });
  }
});

after(async () => {
  await gateway?.close();
  receiver.close();
});

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Jobs that come due evenly from now on. */
async function enqueue(seconds) {
  const start = Date.now() + 2000;
  const jobs = Array.from({ length: seconds * PER_SECOND }, (_, i) => ({
    action: `watched-${i % ACTIONS}`, data: { customer: { name: "Ada" } }, at: start + Math.floor((i * 1000) / PER_SECOND),
  }));
  for (let i = 0; i < jobs.length; i += 1000) await gateway.enqueue(...jobs.slice(i, i + 1000));
}

/** CPU time of the gateway's threads so far, ns: those of the API, and all. */
function cpu() {
  const tasks = `/proc/${gateway.process.pid}/task`;
  const times = readdirSync(tasks).map((task) => {
    const read = (file) => readFileSync(`${tasks}/${task}/${file}`, "utf8").trim();
    return { api: /^posthaste-(api|admi)/.test(read("comm")), ns: Number(read("schedstat").split(" ")[0]) };
  });
  const sum = (list) => list.reduce((all, { ns }) => all + ns, 0);
  return { api: sum(times.filter(({ api }) => api)), all: sum(times) };
}

/** A dashboard's stream, counted as it is read, until `leave` fires. */
async function watch(leave) {
  const seen = { states: 0 };
  const response = await fetch(`${gateway.url}/v1/events`, { headers: { Authorization: `Bearer ${TOKEN}` }, signal: leave });
  const counting = new WritableStream({ write: (text) => void (seen.states += text.split("event: state").length - 1) });
  response.body.pipeThrough(new TextDecoderStream()).pipeTo(counting).catch(() => {});
  return seen;
}

test("fifty open dashboards cost the gateway less than two percent of a core", { skip: process.platform !== "linux" && "reads /proc" }, async (t) => {
  await enqueue(WARM_UP + WATCHERS.length * (WINDOW + 2));
  await sleep(WARM_UP);
  let percent;
  for (const count of WATCHERS) {
    const leaving = new AbortController();
    const watchers = await Promise.all(Array.from({ length: count }, () => watch(leaving.signal)));
    await sleep(1);
    const before = cpu();
    await sleep(WINDOW);
    const after = cpu();
    leaving.abort();
    percent = (part) => (after[part] - before[part]) / WINDOW / 1e7;
    t.diagnostic(`${count} watching: API threads ${percent("api").toFixed(2)} % of a core, all threads ${percent("all").toFixed(1)} %`);
    assert.ok(watchers.every(({ states }) => states >= WINDOW / 2), "each is sent the state every second");
  }
  assert.ok(percent("api") < 2, `${percent("api")} % of a core`);
});
