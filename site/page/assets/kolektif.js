// Many documents at once: each file is hashed here, its name says where it
// goes, and it is sent straight to the file store with a signed request. What
// is not taken is listed with what to do. On a browser that cannot, the plain
// form sends the same files through us.
const form = document.querySelector('form[data-module=kolektif]');
const input = form && form.querySelector('input[type=file]');
const list = document.createElement('ul');
list.className = 'links';
list.setAttribute('aria-live', 'polite');

const digest = async (file) => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())), (b) => b.toString(16).padStart(2, '0')).join('');

// send returns what to say of one file.
const send = async (file) => {
  const body = JSON.stringify({ nama: file.name, jenis: file.type, ukuran: `${file.size}`, sha256: await digest(file) });
  const answer = await fetch(form.dataset.izin, { method: 'POST', body, headers: { Accept: 'application/json', 'Content-Type': 'application/json' } });
  const value = await answer.json();
  if (!answer.ok) return value.galat && value.galat.isian ? value.galat.isian.map((i) => i.pesan).join(' ') : form.dataset.gagal;
  const put = await fetch(value.url, { method: 'PUT', body: file, headers: value.header });
  return put.ok ? form.dataset.selesai : form.dataset.gagal;
};

const all = async (files) => {
  list.textContent = '';
  const button = form.querySelector('button');
  button.disabled = true;
  for (const file of files) {
    const item = document.createElement('li');
    item.textContent = `${file.name}: ${form.dataset.kirim}`;
    list.append(item);
    const said = await send(file).catch(() => form.dataset.gagal);
    item.textContent = `${file.name}: ${said}`;
  }
  button.disabled = false;
  input.value = '';
};

if (input && window.crypto && crypto.subtle) {
  form.querySelector('.buttons').before(list);
  form.addEventListener('submit', (e) => {
    if (!input.files.length) return;
    e.preventDefault();
    all([...input.files]);
  });
}
