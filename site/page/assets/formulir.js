// Every form: one submission at a time, and the error summary gets the focus.
// A page that waits for a result asks for it again.
const summary = document.getElementById('galat');
if (summary) summary.focus();
addEventListener('submit', (e) => {
  const { dataset } = e.target;
  if (dataset.sent) return e.preventDefault();
  if (!dataset.module) dataset.sent = '1';
});
addEventListener('pageshow', () => document.querySelectorAll('form').forEach((form) => delete form.dataset.sent));
const { muat, ke } = document.body.dataset;
if (muat) setTimeout(() => location.replace(ke), muat * 1000);
