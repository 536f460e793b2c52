// Says so when a file of the page's code cannot be loaded: then none of its modules runs, and nobody else would. It keeps
// its name beside index.html, so that it is there when a newer site has other files than the index that was kept.
addEventListener('error', ({ target }) => {
  const text = document.getElementById('loading-text');
  if (!(target instanceof HTMLScriptElement) || !text) return;
  document.getElementById('loading-bar').hidden = true;
  text.className = 'problem';
  text.setAttribute('role', 'alert');
  text.textContent = 'A part of the page could not be loaded. Check the connection, then reload the page.';
  const button = document.createElement('button');
  Object.assign(button, { id: 'loading-reload', type: 'button', className: 'primary', textContent: 'Reload' });
  button.addEventListener('click', () => location.reload());
  text.after(button);
  button.focus();
}, true); // such an event does not bubble
