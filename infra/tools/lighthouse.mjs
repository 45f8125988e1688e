// Holds every kind of page in both languages against Lighthouse:
//
//	node lighthouse.mjs http://127.0.0.1:8080 chromium quality 0 3
//	node lighthouse.mjs http://127.0.0.1:8080 chromium performance 0 1
//
// quality: accessibility, best practices and SEO must be 100. performance: at
// least 99 as the median of three runs; two good runs decide a median, so a
// third is made only where the first two differ. A machine that stalls makes
// pages slower and never quicker, so a page below 99 is measured again when all
// others are done, twice at most: one that is slow by itself stays so. The last
// two numbers say which part of the pages to see: 0 of 3. Parts of quality may
// go side by side, but performance is measured alone. Pages of the journey are
// kept from search engines on purpose, so two audits are left out there.
import { readFileSync } from 'node:fs';
import { launch } from 'chrome-launcher';
import lighthouse, { defaultConfig } from 'lighthouse';
import { pageFunctions } from 'lighthouse/core/lib/page-functions.js';

const [origin, chromePath, what, part, parts] = process.argv.slice(2);
const kinds = JSON.parse(readFileSync(new URL('../browser/kinds.json', import.meta.url)));
const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const failures = [];

// How quick this machine is takes a second of each run to find out, and only
// serves a warning that nobody sees here.
pageFunctions.computeBenchmarkIndex = () => 1000;

// The pages do nothing after they have loaded, so there is little to wait for.
const short = { pauseAfterFcpMs: 250, pauseAfterLoadMs: 250, networkQuietThresholdMs: 250, cpuQuietThresholdMs: 250 };

// A run that recorded nothing says so, and is made once more.
const run = async (url, flags, again = true) => {
  const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: 'error', disableFullPageScreenshot: true, ...short, ...flags });
  if (!lhr.runtimeError) return lhr;
  if (again) return run(url, flags, false);
  throw new Error(`${url}: ${lhr.runtimeError.message}`);
};

const quality = async (url, content) => {
  const skipAudits = content ? [] : ['is-crawlable', 'meta-description'];
  const lhr = await run(url, { onlyCategories: ['accessibility', 'best-practices', 'seo'], skipAudits });
  for (const [id, { score, auditRefs }] of Object.entries(lhr.categories)) {
    if (score === 1) continue;
    const audits = auditRefs.map((ref) => lhr.audits[ref.id]).filter((a) => a.score !== null && a.score < 1);
    failures.push(`${url}: ${id} is ${score * 100}: ${audits.map((a) => a.id).join(', ')}`);
  }
};

// What has no weight in the score is advice, and takes a quarter of a run.
const refs = defaultConfig.categories.performance.auditRefs;
const timings = refs.filter((ref) => ref.weight).map((ref) => ref.id);
const advice = refs.filter((ref) => !ref.weight).map((ref) => ref.id);
const good = (score) => score >= 0.99;
let lowest = 1;

// performance returns whether the median is good, and says what it is where not.
const performance = async (url) => {
  const scores = [];
  let slow = '';
  while (scores.filter(good).length < 2 && scores.filter((s) => !good(s)).length < 2) {
    const lhr = await run(url, { onlyCategories: ['performance'], skipAudits: advice });
    scores.push(lhr.categories.performance.score);
    if (!good(scores.at(-1))) slow = timings.map((id) => `${id} ${lhr.audits[id].displayValue}`).join(', ');
  }
  const median = scores.sort((a, b) => a - b)[Math.floor(scores.length / 2)];
  if (good(median)) lowest = Math.min(lowest, median);
  else console.error(`${url}: performance is ${scores.map((s) => Math.round(s * 100)).join(', ')}: ${slow}`);
  return good(median);
};

const fast = async (urls) => {
  let left = urls;
  for (const round of [1, 2, 3]) {
    const slow = [];
    for (const url of left) if (!await performance(url)) slow.push(url);
    left = slow;
    if (!left.length) return;
    if (round < 3) console.error(`lighthouse: measuring ${left.length} again`);
  }
  failures.push(...left.map((url) => `${url}: want a median performance of at least 99 in one of three rounds`));
};

// A page whose status is an error on purpose is left out.
const urls = ['', '/en'].flatMap((prefix) => kinds.filter((k) => !k.refused).map((k) => ({ url: origin + prefix + k.path, content: k.content })));
const mine = urls.filter((_, i) => i % Number(parts) === Number(part));
try {
  if (what === 'performance') await fast(mine.map(({ url }) => url));
  else for (const { url, content } of mine) await quality(url, content);
} finally {
  await chrome.kill();
}
failures.forEach((f) => console.error(f));
console.log(`lighthouse: ${what} of ${mine.length} pages, ${failures.length} failures${what === 'performance' ? `, lowest median ${Math.round(lowest * 100)}` : ''}`);
process.exitCode = failures.length ? 1 : 0;
