// Plays the script of the waiting page for many clients on one clock, moved by
// hand, against a service that always says "too many".
//
//   node crowd.mjs SCRIPT CLIENTS PER_SECOND SEED
//
// prints the client and the moment, in milliseconds, of each request.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
const [path, clients, perSecond, seed] = process.argv.slice(2);
const script = new vm.Script(readFileSync(path, 'utf8'));
// mulberry32: the same numbers for the same seed.
let state = Number(seed) >>> 0;
const random = () => { state = (state + 0x6d2b79f5) >>> 0; let t = state; t = Math.imul(t ^ (t >>> 15), t | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32; };
let now = 0; const due = []; const sent = [];
const later = (f, ms) => due.push({ at: now + ms, f });
const math = Object.create(Math, { random: { value: random } });
for (const name of Object.getOwnPropertyNames(Math)) if (name !== 'random') Object.defineProperty(math, name, { value: Math[name] });
for (let i = 0; i < clients; i++) {
  const form = { dataset: { giliran: String(Math.floor(i / perSecond)) }, action: '/daftar', isConnected: true, addEventListener() {}, append() {} };
  script.runInNewContext({ document: { querySelector: () => form, createElement: () => ({ setAttribute() {} }) }, setTimeout: later, Math: math, URLSearchParams: class {}, FormData: class {},
    XMLHttpRequest: class { status = 503; open() {} getResponseHeader() { return '30'; } send() { sent.push([i, now]); this.onloadend(); } } });
}
while (due.length) {
  due.sort((a, b) => a.at - b.at);
  const { at, f } = due.shift();
  now = at; f();
  for (let i = 0; i < 10; i++) await null; // what the answer lets go on
  await new Promise((done) => setImmediate(done));
}
console.log(JSON.stringify(sent.map(([i, at]) => [i, Math.round(at)])));
