// Shows a saved edit: reloads this page when there is another build than its own.
const mine = new URL(import.meta.url).search.slice(1);
new EventSource('/_pratinjau/peristiwa').onmessage = (event) => {
  if (event.data !== mine) location.reload();
};
