// What belongs to this tab alone: its number and the work in it, in the memory that the browser has for each tab. It
// outlasts a reload and ends with the tab, so a second tab that writes to the storage takes nothing from the first.
import { prefix } from './assets.js';

const kNumber = 'atelier.tab'; // ui/platform/bridge_web.cpp reads it, and makes one where there are no locks
const kYear2020 = 1_577_836_800;
const kKeptFor = 7 * 86_400; // seconds; a tab that is away may be asleep, or come back with the browser
const kTries = 4; // to get a number, should tabs be opened in the same second
const kReloadLimit = 500; // milliseconds until the page before a reload has surely let go of its number
const kOwn = ['work', 'work.picture', 'checkpoint']; // what is before the dot tells whether there is something
const kLarge = ['trained']; // too much for that memory: a copy lies in the storage, under the tab's number
const kCopies = 'own.'; // how the keys of these copies begin
const kPiece = 8192; // bytes at once: a call takes no more arguments on some browsers

const nameOf = (key) => `${prefix}tab.${key}`;
const secondsNow = () => Math.floor(Date.now() / 1000) - kYear2020;

// Until the page goes, unless another one holds it.
function holds(number) {
  return new Promise((answer) => {
    navigator.locks.request(nameOf(number), { signal: AbortSignal.timeout(kReloadLimit) }, () => {
      answer(true);
      return new Promise(() => {});
    }).catch(() => answer(false));
  });
}

// The second in which the tab was opened. A duplicated tab begins with a copy of the other's memory, its number too: it
// gets one of its own.
export async function claimNumber() {
  try {
    const number = sessionStorage.getItem(kNumber);
    if (!navigator.locks || (number && await holds(number))) return;
    let fresh = Math.max(1, secondsNow());
    for (let tries = 1; tries < kTries && !(await holds(fresh)); ++tries) fresh += 1;
    sessionStorage.setItem(kNumber, String(fresh));
  } catch {
    // Storage is forbidden here: then there is no number.
  }
}

// Of the storage's keys the copies of tabs that are gone, and were opened long ago.
export async function leftBehind(keys) {
  const { held } = await navigator.locks.query();
  const alive = new Set(held.map(({ name }) => name));
  const isGone = (number) => !alive.has(nameOf(number)) && Math.abs(secondsNow() - number) > kKeptFor;
  return keys.filter((key) => key.startsWith(kCopies) && isGone(key.split('.')[1]));
}

function textOf(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += kPiece) text += String.fromCharCode(...bytes.subarray(at, at + kPiece));
  return text;
}

const bytesOf = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export class TabMemory {
  constructor() {
    this.untaken = new Set(kOwn);
    this.failed = false;
  }

  // Keys that are not the tab's own are left to the storage.
  put(key, bytes) {
    if (this.failed || !kOwn.includes(key)) return;
    try {
      if (bytes.length) sessionStorage.setItem(nameOf(key), textOf(bytes));
      else sessionStorage.removeItem(nameOf(key));
    } catch {
      this.#giveUp();
    }
  }

  // The storage's key of this tab's own copy, or ''.
  copyOf(key) {
    try {
      const number = navigator.locks && kLarge.includes(key) ? sessionStorage.getItem(kNumber) : null;
      return number ? `${kCopies}${number}.${key}` : '';
    } catch {
      return '';
    }
  }

  // What the page before a reload has left, once for each key; undefined: ask the storage. Who asks again wants to know
  // what all tabs share, because this tab's run is over, or was another tab's: then what it had must not come back.
  take(key) {
    if (!this.untaken.delete(key)) {
      this.put(key, []);
      return undefined;
    }
    try {
      if (sessionStorage.getItem(nameOf(key.split('.', 1)[0])) === null) return undefined;
      return bytesOf(sessionStorage.getItem(nameOf(key)) ?? '');
    } catch {
      return undefined;
    }
  }

  // Too much, or forbidden. What is old is worse than what all tabs share.
  #giveUp() {
    this.failed = true;
    try {
      for (const key of kOwn) sessionStorage.removeItem(nameOf(key));
    } catch {
      // There is nothing, then.
    }
  }
}
