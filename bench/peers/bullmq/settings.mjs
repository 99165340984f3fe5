// What producer and worker agree on; the load test passes it in the environment.
import { readFileSync } from 'node:fs';

const env = (name) => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; start this through scripts/load --peer bullmq`);
  return value;
};

export const queueName = 'deliveries';
export const redis = {
  host: '127.0.0.1',
  port: Number(env('PEER_REDIS_PORT')),
  maxRetriesPerRequest: null,
  enableAutoPipelining: process.env.PEER_AUTO_PIPELINING !== 'false',
};
export const actions = Number(env('PEER_ACTIONS'));
/** The origin of each action's receiver. */
export const targets = env('PEER_TARGETS').split(',');
export const signingKey = env('PEER_SIGNING_KEY');
/** The same file the gateway's load test reads: templates and the data of people. */
export const template = JSON.parse(readFileSync(env('PEER_TEMPLATE_FILE'), 'utf8'));
