// The service worker: keeps the page usable without a network, and on hosts that send no headers gives it threads from
// the next visit on. It never reloads the page: that is offered, and only while nothing is being trained.

const kOffered = 'threads-offered'; // in this tab's memory: asked once

// isTraining(): checked again when the button is pressed.
export async function goOffline({ features, root, notices, isTraining }) {
  const query = new URLSearchParams(location.search);
  if (!('serviceWorker' in navigator) || !isSecureContext || query.get('sw') === '0') return;
  const registration = await navigator.serviceWorker.register(new URL('sw.js', root), { scope: root.pathname })
    .catch(() => null); // private windows refuse: then there is no offline use, and nothing else is lost
  if (!registration) return;
  await navigator.serviceWorker.ready;
  const fewer = !features.isolated && features.cores > 1 && window.top === window && query.get('variant') !== 'st';
  if (!fewer || sessionStorage.getItem(kOffered)) return;
  sessionStorage.setItem(kOffered, '1');
  notices.show(`This page can train with more threads (${Math.min(features.cores, 8)} instead of 1) after a reload.`, {
    'Reload for more threads': () => {
      if (isTraining()) notices.show('Training goes on; stop or finish it before the reload.');
      else location.reload();
    },
  });
}

// Which hashed files the service worker may forget.
export function tellKept(assets, root) {
  const urls = Object.values(assets.list.files).map(({ file }) => new URL(file, root).href);
  navigator.serviceWorker?.controller?.postMessage({ keep: urls, code: assets.list.code });
}
