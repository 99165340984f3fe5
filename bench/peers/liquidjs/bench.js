// What liquidjs takes for the bodies of LiquidBenchmark: process CPU time per render and per parse, lower quartile of 9 rounds.
// npm install && node bench.js
'use strict';
const fs = require('fs');
const path = require('path');
const { Liquid } = require('liquidjs');

const files = path.join(__dirname, '../../src/main/resources/liquid');
const data = JSON.parse(fs.readFileSync(path.join(files, 'data.json'), 'utf8'));
const liquid = new Liquid();

function cpuNanos() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function time(run) {
  for (const end = Date.now() + 2000; Date.now() < end; ) run();
  const start = cpuNanos();
  for (let i = 0; i < 500; i++) run();
  const count = Math.max(500, Math.round(150e6 / ((cpuNanos() - start) / 500)));
  const rounds = [];
  for (let round = 0; round < 9; round++) {
    const from = cpuNanos();
    for (let i = 0; i < count; i++) run();
    rounds.push((cpuNanos() - from) / count);
  }
  return Math.round(rounds.sort((a, b) => a - b)[2]);
}

for (const body of ['zendesk', 'close', 'lob', 'loop20']) {
  const source = fs.readFileSync(path.join(files, body + '.liquid'), 'utf8');
  const template = liquid.parse(source);
  const render = time(() => Buffer.from(liquid.renderSync(template, data), 'utf8'));
  console.log(`${body.padEnd(8)} render ${render} ns, parse ${time(() => liquid.parse(source))} ns`);
}
