// Every form: one submission at a time, and the error summary gets the focus.
const summary = document.getElementById('galat');
if (summary) summary.focus();
for (const form of document.forms) {
  form.addEventListener('submit', (e) => {
    if (form.dataset.sent) return e.preventDefault();
    if (!form.dataset.module) form.dataset.sent = '1';
  });
}
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
