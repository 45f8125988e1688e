// Device test: a button for each check that a browser can make. The result
// fills in the answer, which the person may correct. Picture and sound stay
// here; to the server go only the bytes that measure the line. The words stand
// in data attributes. Without this script the form asks the same.
const form = document.querySelector('form[data-module=perangkat]');
const { mediaDevices } = navigator;
const Sound = window.AudioContext || window.webkitAudioContext;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const now = () => performance.now();
const make = (name, set) => Object.assign(document.createElement(name), set);
const end = (stream) => stream.getTracks().forEach((track) => track.stop());

const reasons = {
  NotAllowedError: 'ditolak', SecurityError: 'ditolak', NotFoundError: 'tiada', OverconstrainedError: 'tiada',
  NotReadableError: 'dipakai', AbortError: 'dipakai',
};

// light is the brightest of a few points of the picture, 0 to 255.
const light = (video) => {
  const canvas = make('canvas', { width: 16, height: 16 }).getContext('2d');
  canvas.drawImage(video, 0, 0, 16, 16);
  const { data } = canvas.getImageData(0, 0, 16, 16);
  let most = 0;
  for (let i = 0; i < data.length; i += 4) most = Math.max(most, data[i], data[i + 1], data[i + 2]);
  return most;
};

// hide ends the picture that is shown.
let hide = () => {};

// Each check returns [result, words, values]; an undefined result leaves the
// answer to the person.
const checks = {
  async kamera(box, words) {
    hide();
    const stream = await mediaDevices.getUserMedia({ video: { facingMode: 'user' } });
    const video = make('video', { muted: true, playsInline: true, srcObject: stream });
    video.style.maxWidth = '100%';
    video.setAttribute('aria-label', words.gambar);
    box.after(video);
    hide = () => {
      end(stream);
      video.remove();
    };
    setTimeout(hide, 15000);
    await video.play();
    for (let i = 0; i < 15; i++) {
      if (light(video) > 40) return [true, 'baik'];
      await pause(200);
    }
    return [false, 'gelap'];
  },

  async mikrofon(box, words) {
    const stream = await mediaDevices.getUserMedia({ audio: true });
    const sound = new Sound();
    const meter = make('progress', { max: 1, value: 0 });
    meter.setAttribute('aria-label', words.keras);
    try {
      await sound.resume();
      const ear = sound.createAnalyser();
      sound.createMediaStreamSource(stream).connect(ear);
      const wave = new Uint8Array(ear.fftSize);
      box.textContent = words.bicara;
      box.after(meter);
      for (let i = 0, loud = 0; i < 80; i++) {
        await pause(100);
        ear.getByteTimeDomainData(wave);
        meter.value = wave.reduce((most, v) => Math.max(most, Math.abs(v - 128)), 0) / 128;
        if (meter.value > 0.08 && ++loud > 4) return [true, 'baik'];
      }
      return [false, 'senyap'];
    } finally {
      end(stream);
      sound.close();
      meter.remove();
    }
  },

  async suara() {
    const sound = new Sound();
    await sound.resume();
    const volume = sound.createGain();
    const tone = sound.createOscillator();
    volume.gain.value = 0.3;
    tone.connect(volume).connect(sound.destination);
    tone.frequency.setValueAtTime(440, sound.currentTime);
    tone.frequency.setValueAtTime(660, sound.currentTime + 1);
    tone.start();
    await pause(2000);
    sound.close();
    return [undefined, 'baik'];
  },

  async jaringan(box, words) {
    const control = new AbortController();
    const late = setTimeout(() => control.abort(), 30000);
    box.textContent = words.ukur;
    const speed = { turun: 0, naik: 0 };
    try {
      speed.turun = await down(words.unduh, control.signal);
      speed.naik = await up(words.unggah, control.signal);
    } catch (e) {
      if (e === 'sibuk') return [undefined, e];
      if (e.name !== 'AbortError') return [false, 'putus'];
    } finally {
      clearTimeout(late);
    }
    const fast = Math.min(speed.turun, speed.naik) >= words.kbps;
    return [fast, fast ? 'baik' : 'lambat', speed];
  },
};

const kbps = (bytes, ms) => Math.round(bytes * 8 / Math.max(ms, 1));

// down reads the test file for at most eight seconds. The time to the first
// byte does not count.
const down = async (url, signal) => {
  const answer = await fetch(url, { cache: 'no-store', signal });
  if (!answer.ok) throw 'sibuk';
  const start = now(), reader = answer.body.getReader();
  let bytes = 0, part;
  while (now() - start < 8000 && !(part = await reader.read()).done) bytes += part.value.length;
  const ms = now() - start;
  reader.cancel();
  return kbps(bytes, ms);
};

// up sends noise, 48 KB at a time, for about a second. A single byte first
// shows how long an empty request takes.
const up = async (url, signal) => {
  const send = async (size) => {
    const start = now();
    const body = crypto.getRandomValues(new Uint8Array(size));
    const answer = await fetch(url, { method: 'POST', body, signal, headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream' } });
    if (!answer.ok) throw 'sibuk';
    return now() - start;
  };
  await send(1);
  const idle = await send(1);
  let bytes = 0, ms = 0;
  while (bytes < 4 * 49152 && ms < 1000) {
    ms += Math.max(1, await send(49152) - idle);
    bytes += 49152;
  }
  return kbps(bytes, ms);
};

const fill = (text, values = {}) => text.replace(/{(\w+)}/g, (all, name) => (name in values ? values[name].toLocaleString(document.documentElement.lang) : all));

const offer = (field) => {
  const words = field.dataset, name = field.querySelector('input').name;
  const button = make('button', { type: 'button', className: 'button second', textContent: words.uji });
  const box = make('div', { className: 'status' });
  box.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    button.disabled = true;
    box.textContent = words.ditolak ? form.dataset.izin : '…';
    let result;
    try {
      result = await checks[name](box, words);
    } catch (e) {
      const why = reasons[e.name];
      result = why && words[why] ? [false, why] : [undefined, 'lain'];
    }
    const [good, key, values] = result;
    if (good !== undefined) field.querySelector(`[value=${good ? 'ya' : 'tidak'}]`).checked = true;
    box.textContent = fill(words[key] || form.dataset[key], values);
    box.dataset.hasil = key;
    button.disabled = false;
  });
  field.querySelector('.option').before(button, box);
};

// hints are what battery and storage tell, where the browser asks them.
const hints = {
  async baterai() {
    const { charging, level } = await navigator.getBattery();
    return !charging && level < 0.3 && { persen: Math.round(level * 100) };
  },
  async ruang() {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage < 50 << 20 && {};
  },
};

if (form && window.fetch && window.AbortController) {
  const words = form.dataset;
  const able = mediaDevices && mediaDevices.getUserMedia && Sound;
  const say = (key, values) => form.prepend(make('p', { className: 'status', textContent: fill(words[key], values) }));
  say(able ? 'dapat' : window.isSecureContext === false ? 'takaman' : 'usang');
  for (const key in hints) hints[key]().then((values) => values && say(key, values), () => {});
  form.querySelectorAll('[data-uji]').forEach((field) => {
    const { name } = field.querySelector('input');
    if (able || name === 'jaringan' || name === 'suara' && Sound) offer(field);
  });
}
