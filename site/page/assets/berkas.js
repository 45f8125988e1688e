// Upload: shrink a photo, warn of blur, send it straight to the file store
// with a signed request, and wait for the result. On any failure the plain
// form does the same.
const form = document.querySelector('form[data-module=berkas]');
const input = form && form.querySelector('input[type=file]');
const en = document.documentElement.lang === 'en';
const words = en
  ? { send: 'Sending', check: 'Checking the document', blur: 'The photo looks blurred. Take it again closer and in more light, or send it as it is.', anyway: 'Send anyway' }
  : { send: 'Mengirim', check: 'Memeriksa berkas', blur: 'Foto tampak buram. Ambil ulang lebih dekat dan lebih terang, atau kirim apa adanya.', anyway: 'Tetap kirim' };
const box = document.createElement('div');
box.setAttribute('role', 'status');
const bar = document.createElement('progress');
bar.max = 1;
let warned = false;

// draw puts a picture on a canvas of at most the given side.
const draw = (picture, side) => {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
};

// sharpness is the variance of the Laplacian of the luma.
const sharpness = (canvas) => {
  const { width: w, height: h } = canvas;
  const d = canvas.getContext('2d').getImageData(0, 0, w, h).data;
  const y = new Float32Array(w * h);
  for (let i = 0; i < y.length; i++) y[i] = 0.299 * d[4 * i] + 0.587 * d[4 * i + 1] + 0.114 * d[4 * i + 2];
  let sum = 0, squares = 0, n = 0;
  for (let r = 1; r < h - 1; r++) {
    for (let c = 1; c < w - 1; c++) {
      const i = r * w + c, v = 4 * y[i] - y[i - 1] - y[i + 1] - y[i - w] - y[i + w];
      sum += v; squares += v * v; n++;
    }
  }
  return n ? squares / n - (sum / n) ** 2 : 0;
};

const prepare = async (file) => {
  if (!/^image\/(jpeg|png)$/.test(file.type)) return { blob: file, sharp: true };
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const sharp = sharpness(draw(picture, 640)) >= 150;
  if (file.size < 1e6 && file.type === 'image/jpeg') return { blob: file, sharp };
  const blob = await new Promise((done) => draw(picture, 2000).toBlob(done, 'image/jpeg', 0.85));
  return { blob: blob && blob.size < file.size ? blob : file, sharp };
};

const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');

const json = async (url, init) => {
  const answer = await fetch(url, { ...init, headers: { Accept: 'application/json', 'Content-Type': 'application/json' } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};

const put = (url, header, blob) => new Promise((done, fail) => {
  const request = new XMLHttpRequest();
  request.open('PUT', url);
  for (const name in header) request.setRequestHeader(name, header[name]);
  request.upload.onprogress = (e) => { bar.value = e.loaded / e.total; };
  request.onload = () => (request.status < 300 ? done() : fail(new Error(request.status)));
  request.onerror = fail;
  request.send(blob);
});

const result = async (list, upload) => {
  for (let wait = 700; wait < 15000; wait *= 1.4) {
    await new Promise((done) => setTimeout(done, wait));
    const { berkas } = await json(list);
    const mine = berkas.find((b) => b.unggahan === upload);
    if (mine && mine.status !== 'menunggu') return;
  }
};

const send = async (file) => {
  const { izin, dokumen, berkas } = input.dataset;
  const { blob, sharp } = await prepare(file);
  if (!sharp && !warned) {
    warned = true;
    box.textContent = words.blur;
    form.querySelector('button').textContent = words.anyway;
    return;
  }
  box.textContent = words.send;
  box.append(bar);
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  const permit = await json(izin, { method: 'POST', body: JSON.stringify({ dokumen, jenis: blob.type, ukuran: String(blob.size), sha256 }) });
  await put(permit.url, permit.header, blob);
  box.textContent = words.check;
  await result(berkas, permit.unggahan);
  location.assign(berkas);
};

if (input && window.fetch && window.createImageBitmap && window.crypto && crypto.subtle) {
  form.querySelector('.buttons').before(box);
  box.className = 'hint';
  input.addEventListener('change', () => { warned = false; });
  form.addEventListener('submit', (e) => {
    const file = input.files[0];
    if (!file || form.dataset.plain) return;
    e.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = '1';
    send(file)
      .catch(() => { form.dataset.plain = '1'; form.submit(); })
      .finally(() => delete form.dataset.busy);
  });
}
