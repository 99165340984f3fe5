// Enqueues one job: node producer.js HOST PORT ID ACTION DATA. Without a package; with one, the same commands. On a cluster
// PORT is that of the primary that has the inbox, which a client for clusters finds by itself.
const net = require('node:net');
const [host, port, id, action, data] = process.argv.slice(2);
const crc = (text) => ~Buffer.from(text).reduce((sum, byte) => { for (sum ^= byte, byte = 8; byte--;) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1)); return sum; }, -1) >>> 0;
const command = (...words) => `*${words.length}\r\n` + words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
const redis = net.connect(port, host, () => redis.write(command('HGET', 'posthaste:meta', 'tags')));
redis.once('data', (found) => {
  const tags = found.toString().split('\r\n')[1].split(',');
  redis.write(command('XADD', `posthaste:{${tags[crc(id) % tags.length]}}:inbox`, '*', 'v', '1', 'id', id, 'action', action, 'data', data));
  redis.once('data', (entry) => { console.log(entry.toString()); redis.end(); });
});
