// The service worker: public pages that were visited can be read without a
// line. What a function answers says no-store and is never kept.
const name = 'halaman-1';
const offline = ['/luring/', '/en/luring/'];

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil((async () => {
    const kept = await caches.open(name);
    await kept.addAll(offline);
    for (const page of offline) await kept.addAll((await (await kept.match(page)).text()).match(/\/aset\/[^"]+/g));
  })());
});

addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const old of await caches.keys()) if (old !== name) await caches.delete(old);
  await clients.claim();
})()));

const keep = async (request, answer) => {
  const url = new URL(request.url);
  const rule = answer.headers.get('cache-control') || '';
  if (!answer.ok || answer.redirected || url.search || /no-store|private/.test(rule)) return;
  await (await caches.open(name)).put(request, answer);
};

// A page that was loaded before this worker took over names itself and what it
// loaded; what it may not keep, keep leaves out.
addEventListener('message', (event) => event.waitUntil(Promise.all(event.data.map(async (address) => {
  const request = new Request(address.split('#')[0]);
  const url = new URL(request.url);
  if (url.origin === location.origin && (request.url === event.source.url.split('#')[0] || url.pathname.startsWith('/aset/'))) await keep(request, await fetch(request));
}))));

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const page = request.mode === 'navigate';
  if (request.method !== 'GET' || url.origin !== location.origin || !(page || url.pathname.startsWith('/aset/'))) return;
  event.respondWith(fetch(request).then((answer) => {
    event.waitUntil(keep(request, answer.clone()));
    return answer;
  }, async (error) => {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    if (!page) throw error;
    return caches.match(offline[url.pathname.startsWith('/en/') ? 1 : 0]);
  }));
});
