// Bytes kept across reloads, in IndexedDB. What cannot be kept is said once, in words, and the page goes on.
import { prefix } from './assets.js';

const kTable = 'bytes';

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`${prefix}store`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(kTable);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another tab holds an older version open'));
  });
}

// All parts or none. The commit is asked for at once: a page that goes away does not live to see its requests answered.
function write(database, parts) {
  const transaction = database.transaction(kTable, 'readwrite');
  const table = transaction.objectStore(kTable);
  try {
    for (const [key, bytes] of parts) {
      if (bytes.length) table.put(bytes, key);
      else table.delete(key);
    }
    transaction.commit?.();
  } catch (error) {
    transaction.abort();
    throw error;
  }
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

export class Store {
  // onProblem(sentence) is called at most once.
  constructor(onProblem) {
    this.onProblem = onProblem;
    this.database = null;
    this.unread = new Set(); // keys whose bytes could not be read: they are not written over
    this.parts = new Map(); // by the beginning of their keys: what is put and not on its way yet
    this.last = Promise.resolve(); // until all that was put is on its way, in its order
  }

  // No bytes: the key is forgotten. Keys that begin alike ("work", "work.picture") belong together: what is put of them
  // at once is kept together, or not at all.
  put(key, bytes) {
    const begin = key.split('.', 1)[0];
    const begun = this.parts.get(begin);
    if (begun) {
      begun.set(key, bytes);
      return;
    }
    this.parts.set(begin, new Map([[key, bytes]]));
    this.last = this.last.then(() => this.#write(begin));
  }

  // The browser keeps the order of what has been handed to it, so nobody waits for the end of that.
  async #write(begin) {
    const parts = [...this.parts.get(begin)];
    this.parts.delete(begin);
    if (parts.some(([key]) => this.unread.has(key))) return;
    await this.#attempt(async () => {
      const written = write(await this.#open(), parts);
      this.#attempt(() => written);
    });
  }

  // The bytes, or an empty array when there are none.
  async get(key) {
    const answer = await this.#ask((table) => table.get(key));
    if (answer) this.unread.delete(key);
    else this.unread.add(key);
    return answer?.found ?? new Uint8Array();
  }

  async keys() {
    return (await this.#ask((table) => table.getAllKeys()))?.found ?? [];
  }

  // {found} by `request(table)`, after what was put before; undefined when it could not be asked.
  async #ask(request) {
    await this.last;
    return this.#attempt(async () => {
      const asked = request((await this.#open()).transaction(kTable).objectStore(kTable));
      return new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve({ found: asked.result });
        asked.onerror = () => reject(asked.error);
      });
    });
  }

  async #open() {
    this.database ??= open();
    const database = await this.database;
    database.onclose = () => { this.database = null; };
    return database;
  }

  async #attempt(action) {
    try {
      return await action();
    } catch (error) {
      this.database = null;
      const full = error?.name === 'QuotaExceededError';
      this.onProblem?.(full
        ? 'The browser has no room left to keep your work. Download your weights before you leave.'
        : 'This browser keeps nothing for this page (a private window?). Download your weights before you leave.');
      this.onProblem = null;
      return undefined;
    }
  }
}
