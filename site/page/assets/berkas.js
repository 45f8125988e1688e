// Upload: shrink a photo, warn of blur, send it straight to the file store
// with a signed request, and wait for the result. On any failure the plain
// form does the same. Its words stand in the form's data attributes.
const form = document.querySelector('form[data-module=berkas]');
const input = form && form.querySelector('input[type=file]');
const limit = 6 << 20;
const box = document.createElement('div');
box.className = 'status';
box.setAttribute('role', 'status');
const bar = document.createElement('progress');
bar.max = 1;
if (form) bar.setAttribute('aria-label', form.dataset.mengirim || '');
let warned;

const say = (words, more) => {
  box.textContent = words;
  if (more) box.append(more);
};

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
  for (let i = w + 1; i < y.length - w - 1; i++) {
    if (i % w === 0 || i % w === w - 1) continue;
    const v = 4 * y[i] - y[i - 1] - y[i + 1] - y[i - w] - y[i + w];
    sum += v; squares += v * v; n++;
  }
  return n ? squares / n - (sum / n) ** 2 : 0;
};

// prepare returns what to send, and whether it looks sharp.
const prepare = async (file) => {
  if (!/^image\/(jpeg|png)$/.test(file.type)) return [file, true];
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const sharp = sharpness(draw(picture, 640)) >= 150;
  if (file.size <= 1 << 20) return [file, sharp];
  const small = await new Promise((done) => draw(picture, 2000).toBlob(done, 'image/jpeg', 0.85));
  return [small && small.size < file.size ? small : file, sharp];
};

const json = async (url, init) => {
  const answer = await fetch(url, { ...init, headers: { Accept: 'application/json', 'Content-Type': 'application/json' } });
  if (!answer.ok) throw answer.status;
  return answer.json();
};

const put = (url, header, blob) => new Promise((done, fail) => {
  const request = new XMLHttpRequest();
  request.open('PUT', url);
  for (const name in header) request.setRequestHeader(name, header[name]);
  request.upload.onprogress = (e) => { bar.value = e.loaded / e.total; };
  request.onload = () => (request.status < 300 ? done() : fail(request.status));
  request.onerror = fail;
  request.send(blob);
});

// inspected waits until the upload has a result, for about a minute.
const inspected = async (list, upload) => {
  for (let wait = 1500; wait < 15000; wait *= 1.4) {
    await new Promise((done) => setTimeout(done, wait));
    const { berkas } = await json(list);
    if (berkas.some((b) => b.unggahan === upload && b.status !== 'menunggu')) return;
  }
};

const send = async (file) => {
  const { izin, dokumen, berkas, slot } = input.dataset;
  const [blob, sharp] = await prepare(file);
  if (blob.size > limit) return say(form.dataset.besar);
  if (!sharp && warned !== file) {
    warned = file;
    form.querySelector('button').textContent = form.dataset.tetap;
    return say(form.dataset.buram);
  }
  say(form.dataset.mengirim, bar);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  const sha256 = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
  const permit = await json(izin, { method: 'POST', body: JSON.stringify({ dokumen, jenis: blob.type, ukuran: `${blob.size}`, sha256 }) });
  await put(permit.url, permit.header, blob);
  say(form.dataset.memeriksa);
  await inspected(berkas, permit.unggahan).catch(() => {});
  location.assign(`${berkas}?tunggu=${slot}`);
};

if (input && window.createImageBitmap && window.crypto && crypto.subtle) {
  const words = form.querySelector('button').textContent;
  form.querySelector('.buttons').before(box);
  input.addEventListener('change', () => {
    say('');
    form.querySelector('button').textContent = words;
  });
  form.addEventListener('submit', (e) => {
    const file = input.files[0];
    if (!file) return;
    e.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = '1';
    send(file).catch(() => form.submit()).finally(() => delete form.dataset.busy);
  });
}
