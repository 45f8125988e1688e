// Every form: one submission at a time, and the error summary gets the focus.
// A page that waits for a result asks for it again.
const summary = document.getElementById('galat');
if (summary) summary.focus();
const each = (then) => document.querySelectorAll('form').forEach(then);
each((form) => form.addEventListener('submit', (e) => {
  if (form.dataset.sent) return e.preventDefault();
  if (!form.dataset.module) form.dataset.sent = '1';
}));
addEventListener('pageshow', () => each((form) => delete form.dataset.sent));
const { muat, ke } = document.body.dataset;
if (muat) setTimeout(() => location.replace(ke), muat * 1000);
