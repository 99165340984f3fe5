// The stream of states: one connection for the whole page, with the last 15 minutes at hand. Lost connections are told
// and made again; a page that nobody looks at lets go of its connection.
import { batch, signal } from "./vendor/ui.js";
import { request } from "./api.js";

const SECONDS = 900;
const SILENCE_MS = 6_000;
const HIDDEN_MS = 30_000;

/** The newest state, null before the first. */
export const state = signal(null);
/** The last 15 minutes as columns by name, oldest first. Replaced once a second. */
export const series = signal(null);
/** { status: "connecting" | "live" | "lost", since: epoch ms, refusal } */
export const connection = signal({ status: "connecting", since: Date.now() });
/** How far the gateway's clock is ahead of this machine's, ms. */
export const skew = signal(0);

/** Reads the stream until `abort` fires. */
export async function follow(abort) {
  let pause = 500;
  while (!abort.aborted) {
    await visible(abort);
    const startedAt = Date.now();
    try {
      await read(abort);
    } catch (failure) {
      if (!abort.aborted && !document.hidden) lost(failure);
    }
    pause = Date.now() - startedAt > 10_000 ? 500 : Math.min(pause * 2, 8_000);
    await sleep(pause, abort);
  }
}

function lost(failure) {
  if (connection.value.status !== "lost") {
    connection.value = { status: "lost", since: Date.now(), refusal: failure };
  }
}

async function read(abort) {
  const connected = new AbortController();
  const end = () => connected.abort();
  abort.addEventListener("abort", end);
  let watchdog = setTimeout(end, SILENCE_MS);
  const hidden = whenHidden(end);
  try {
    const response = await request("GET", "/v1/events", { signal: connected.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("the stream ended");
      clearTimeout(watchdog);
      watchdog = setTimeout(end, SILENCE_MS);
      text += value;
      const events = text.split("\n\n");
      text = events.pop();
      events.forEach(take);
    }
  } finally {
    clearTimeout(watchdog);
    hidden();
    abort.removeEventListener("abort", end);
    end();
  }
}

function take(event) {
  const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
  if (!name) return;
  const received = JSON.parse(data);
  batch(() => {
    skew.value = received.at - Date.now();
    if (name === "history") series.value = received.seconds;
    else if (series.value) series.value = append(series.value, received.second);
    state.value = received;
    if (connection.value.status !== "live") connection.value = { status: "live", since: Date.now() };
  });
}

function append(columns, second) {
  const longer = {};
  for (const [name, value] of Object.entries(second)) {
    const column = columns[name] ?? [];
    longer[name] = column.length >= SECONDS ? [...column.slice(1 - SECONDS), value] : [...column, value];
  }
  return longer;
}

function whenHidden(act) {
  let timer;
  const changed = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(act, HIDDEN_MS);
  };
  document.addEventListener("visibilitychange", changed);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", changed);
  };
}

function visible(abort) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const once = { once: true, signal: abort };
    document.addEventListener("visibilitychange", resolve, once);
    abort.addEventListener("abort", resolve, { once: true });
  });
}

const sleep = (ms, abort) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    abort.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
