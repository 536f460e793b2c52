// Hands a file to the user.

// No folders, no characters that a file system refuses, never empty.
export function safeName(name) {
  const cleaned = name.replaceAll(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, '-').replaceAll(/^[.\s-]+|[.\s]+$/g, '');
  return cleaned.slice(0, 120) || 'atelier.bin';
}

export function download(name, bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = safeName(name);
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // Safari reads it late
}
