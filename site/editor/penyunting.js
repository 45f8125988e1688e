// Starts the CMS with our configuration; files are read and written by us.
import { init, registerCustomFormat } from './cms/index.js';

const tell = (text) => {
  const box = document.createElement('p');
  box.role = 'alert';
  box.style = 'position:fixed;inset:0 0 auto;margin:0;padding:1rem;background:#b00020;color:#fff;z-index:9999';
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 15000);
};

const ask = async (address, value) => {
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
  if (!answer.ok) {
    const text = await answer.text();
    tell(text);
    throw new Error(text);
  }
  return answer.json();
};

for (const [name, extension, halaman] of [['yaml-frontmatter', 'md', true], ['yaml', 'yaml', false]]) {
  registerCustomFormat(name, extension, {
    fromFile: (teks) => ask('baca', { teks, halaman }),
    toFile: async (nilai) => (await ask('tulis', { nilai, halaman })).teks,
  });
}
const answer = await fetch('konfigurasi.json');
if (answer.ok) init({ config: await answer.json() });
else tell(await answer.text());
