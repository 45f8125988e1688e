// Lists the kept pages of this language on the page for readers without a line.
const list = document.getElementById('tersimpan');
const english = document.documentElement.lang === 'en';
if (window.caches) caches.open('halaman-1').then(async (kept) => {
  for (const { url } of await kept.keys()) {
    const path = new URL(url).pathname;
    if (/\/(aset|luring)\//.test(path) || path.startsWith('/en/') !== english) continue;
    const title = /<h1>([^<]*)/.exec(await (await kept.match(url)).text());
    const link = document.createElement('a');
    link.href = path;
    link.className = 'line';
    link.textContent = title ? title[1].replace(/&amp;/g, '&') : path;
    list.appendChild(document.createElement('li')).append(link);
  }
});
