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

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export class Store {
  // onProblem(sentence) is called at most once.
  constructor(onProblem) {
    this.onProblem = onProblem;
    this.database = null;
    this.unread = new Set(); // keys whose bytes could not be read: they are not written over
    this.last = Promise.resolve(); // writes in the order they were asked for
  }

  // No bytes: the key is forgotten.
  put(key, bytes) {
    this.last = this.last.then(() => this.#attempt(async () => {
      if (this.unread.has(key)) return;
      const transaction = (await this.#open()).transaction(kTable, 'readwrite');
      const table = transaction.objectStore(kTable);
      if (bytes.length) table.put(bytes, key);
      else table.delete(key);
      await done(transaction);
    }));
    return this.last;
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

  // {found} by `request(table)`, after what was to be written before; undefined when it could not be asked.
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
