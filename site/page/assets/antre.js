// A filled-in form that waits for its turn is sent when it comes. An answer
// that says "too many" is asked for five times at most, each time after a random
// part of a longer wait, so that all who wait do not ask at once; the fifth
// answer is shown as it is. A test plays it for a thousand clients.
const form = document.querySelector('form[data-module=antre]');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const longest = (n) => Math.min(30000, 10000 * 1.3 ** n);
let under = false;
const send = async () => {
  if (under) return;
  under = true;
  for (let n = 0; n < 4; n++) {
    const res = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (res && res.status === 201) return location.replace(form.dataset.ke);
    if (res && res.status !== 429 && res.status !== 503) break;
    await pause(Math.random() * longest(n));
  }
  form.submit();
};
form.addEventListener('submit', (e) => {
  e.preventDefault();
  send();
});
setTimeout(send, form.dataset.giliran * 1000 + Math.random() * 1000);
