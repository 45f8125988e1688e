// Keeps visited public pages for reading without a line, this one too. The
// policy allows the one script that may be registered.
const worker = navigator.serviceWorker;
if (worker) {
  const url = '/pekerja.js';
  worker.register(window.trustedTypes ? trustedTypes.createPolicy('luring', { createScriptURL: () => url }).createScriptURL('') : url);
  if (!worker.controller) worker.ready.then(({ active }) => active.postMessage(performance.getEntries().map((r) => r.name)));
}
