// A filled-in form that waits for its turn is sent when it comes, and the answer
// takes this page's place, as that of a sent form would: the code is said
// nowhere else. An answer that says "too many", or none, is asked for five times
// at most, each time after a random part of a longer wait, so that all who wait
// do not ask at once; then, or where the answer says that it takes longer, the
// form stays. A test plays it for a thousand clients.
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const longest = (n) => Math.min(30000, 10000 * 1.3 ** n);
const post = (form) => new Promise((done) => {
  const x = new XMLHttpRequest(); // reads a page where Trusted Types forbid a parser
  x.open('POST', form.action);
  x.responseType = 'document';
  x.onloadend = () => done(x);
  x.send(new URLSearchParams(new FormData(form)));
});

const show = (answer) => {
  const main = document.adoptNode(answer.querySelector('main'));
  document.querySelector('main').replaceWith(main);
  document.title = answer.title;
  const head = document.getElementById('galat') || main.querySelector('h1');
  head.tabIndex = -1;
  head.focus();
  wait();
};

const wait = () => {
  const form = document.querySelector('form[data-module=antre]');
  if (!form) return;
  const status = document.createElement('p');
  status.className = 'status';
  status.setAttribute('role', 'status');
  form.append(status);
  let under = false;
  const send = async () => {
    if (under || !form.isConnected) return;
    under = true;
    for (let n = 0; n < 5; n++) {
      if (n) await pause(Math.random() * longest(n - 1));
      const answer = await post(form);
      const { status: said, response } = answer;
      if (said && said !== 429 && said !== 503) return response && response.querySelector('main') ? show(response) : form.submit();
      if (said && answer.getResponseHeader('Retry-After') > 60) break;
      status.textContent = form.dataset.lagi;
    }
    status.textContent = form.dataset.gagal;
    under = false;
  };
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    send();
  });
  setTimeout(send, form.dataset.giliran * 1000 + Math.random() * 1000);
};
wait();
