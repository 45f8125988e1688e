// The desk and the hall's screen: ask for the part that changes again every few
// seconds while somebody looks, and say what is new. On a failure wait longer.
// A desk that nobody touches stops asking, so that its session can end.
const part = () => document.querySelector('[data-sumber]');
const hall = part() && part().id === 'layar';
const status = document.createElement('p');
status.className = 'hide';
status.setAttribute('role', 'status');
document.body.append(status);
let wait = 5, touched = Date.now();
for (const e of ['pointerdown', 'keydown']) addEventListener(e, () => { touched = Date.now(); });

const load = () => new Promise((done, fail) => {
  const x = new XMLHttpRequest();
  x.open('GET', part().dataset.sumber);
  x.responseType = 'document';
  x.timeout = 9000;
  x.onload = () => {
    const fresh = x.status === 200 && x.response && x.response.querySelector('[data-sumber]');
    if (fresh) done(fresh); else fail();
  };
  x.onerror = x.ontimeout = fail;
  x.send();
});

const voice = document.getElementById('suara');
const speak = (words) => {
  if (!words || !voice || voice.getAttribute('aria-pressed') !== 'true') return;
  const u = new SpeechSynthesisUtterance(words);
  u.lang = document.documentElement.lang === 'en' ? 'en' : 'id-ID';
  speechSynthesis.speak(u);
};
if (voice && 'speechSynthesis' in window) {
  voice.hidden = false;
  voice.addEventListener('click', () => {
    voice.setAttribute('aria-pressed', voice.getAttribute('aria-pressed') !== 'true');
    speak(part().dataset.ucapan);
  });
}

const swap = (fresh) => {
  const old = part();
  if (old.outerHTML === fresh.outerHTML) return;
  const focus = old.contains(document.activeElement) && document.activeElement.id;
  const { kabar, ucapan } = old.dataset;
  old.replaceWith(document.adoptNode(fresh));
  const again = focus && (document.getElementById(focus) || part());
  if (again) again.focus();
  if (fresh.dataset.kabar !== kabar) status.textContent = fresh.dataset.kabar;
  if (fresh.dataset.ucapan !== ucapan) speak(fresh.dataset.ucapan);
};

const tick = async () => {
  if (!document.hidden && (hall || Date.now() - touched < 600000)) {
    try { swap(await load()); wait = 5; } catch { wait = Math.min(60, wait * 2); }
  }
  setTimeout(tick, wait * 1000 * (0.8 + Math.random() * 0.4));
};
if (part()) setTimeout(tick, wait * 1000);
