// Enqueues the load test's jobs with addBulk: all at once, or at a steady rate from a given time on.
// Arguments: run, jobs, jobs a second (0 for all at once), first job's time in epoch microseconds.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { actions, queueName, redis } from './settings.mjs';

const [run, jobs, perSecond, startMicros] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const people = JSON.parse(readFileSync(process.env.PEER_PEOPLE_FILE, 'utf8'));
const mostAtOnce = 500;

const queue = new Queue(queueName, { connection: redis });
await queue.waitUntilReady();

const job = (number) => {
  const digits = String(number).padStart(9, '0');
  const data = people[Math.floor(number / actions) % people.length];
  return {
    name: 'webhook',
    data: { action: number % actions, data: { ...data, customer: { ...data.customer, id: digits } } },
    opts: { jobId: `${run}-${digits}`, attempts: 11, backoff: { type: 'custom' } },
  };
};

const allowed = () =>
  perSecond === 0 ? jobs : Math.min(jobs, Math.floor((Date.now() - startMicros / 1000) * perSecond / 1000));

let stopped = false;
process.once('SIGTERM', () => { stopped = true; });
let next = 0;
let said = Date.now();
while (next < jobs && !stopped) {
  const until = Math.min(allowed(), next + mostAtOnce);
  if (until > next) {
    await queue.addBulk(Array.from({ length: until - next }, (_, index) => job(next + index)));
    next = until;
  } else {
    await sleep(1);
  }
  if (Date.now() - said > 200) {
    console.log(`offered ${next}`);
    said = Date.now();
  }
}
console.log(`offered ${next}`);
await queue.close();
