// Keeps visited public pages for reading without a line. The policy allows the
// one script that may be registered.
if ('serviceWorker' in navigator) {
  const url = '/pekerja.js';
  const policy = window.trustedTypes && trustedTypes.createPolicy('luring', { createScriptURL: () => url });
  navigator.serviceWorker.register(policy ? policy.createScriptURL('') : url);
}
