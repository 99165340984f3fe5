// One delivery worker process: takes jobs from BullMQ, renders, signs, sends, lets BullMQ retry.
import { createHmac } from 'node:crypto';
import { Worker } from 'bullmq';
import { Liquid } from 'liquidjs';
import { Pool } from 'undici';
import { actions, queueName, redis, signingKey, targets, template } from './settings.mjs';

const concurrency = Number(process.env.PEER_CONCURRENCY);
const retryDelays = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120].map((seconds) => seconds * 1000);

const liquid = new Liquid({ cache: true });
liquid.registerFilter('to_json', (value) => JSON.stringify(value ?? null));

const pools = new Map([...new Set(targets)].map((origin) => [origin, new Pool(origin, {
  connections: concurrency,
  pipelining: 1,
  headersTimeout: 4_000,
  bodyTimeout: 4_000,
  connectTimeout: 4_000,
})]));

// Every action's template is parsed once, at start.
const byAction = Array.from({ length: actions }, (_, index) => ({
  pool: pools.get(targets[index]),
  path: `/hook/${index}`,
  headers: template.headers,
  body: liquid.parse(template.body),
}));

const deliver = async (job) => {
  const action = byAction[job.data.action];
  const body = liquid.renderSync(action.body, job.data.data);
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac('sha256', signingKey).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await action.pool.request({
    method: 'POST',
    path: action.path,
    headers: {
      ...action.headers,
      'X-CIO-Idempotency-Key': job.id,
      'X-CIO-Delivery-ID': job.id,
      'X-CIO-Timestamp': timestamp,
      'X-CIO-Signature': signature,
    },
    body,
  });
  await response.body.dump();
  if (response.statusCode >= 300) throw new Error(`status ${response.statusCode}`);
};

const worker = new Worker(queueName, deliver, {
  connection: redis,
  concurrency,
  removeOnComplete: { count: 0 },
  removeOnFail: { age: 7 * 24 * 3600 },
  settings: { backoffStrategy: (attempts) => retryDelays[attempts - 1] ?? retryDelays.at(-1) },
});
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
console.log('ready');

process.once('SIGTERM', async () => {
  await worker.close();
  await Promise.all([...pools.values()].map((pool) => pool.close()));
  process.exit(0);
});
