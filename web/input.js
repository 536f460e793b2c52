// Pointers, wheel, keys and text of the canvas, as the ui module wants them.
import { withTexts } from './wasm.js';

const kTypes = { mouse: 0, touch: 1, pen: 2 };
const kPhase = { move: 0, down: 1, up: 2, cancel: 3 };
const kCursors = ['default', 'text', 'pointer', 'ew-resize', 'crosshair', 'none'];
const kWheelLine = 16; // CSS pixels of one line, for mice that scroll by lines
const kWheelPage = 400;
const kMostText = 1000; // letters at once; the canvas's fields hold names and numbers

// With Ctrl (or Command) only these are ours; reload, tabs, zoom, find and the rest stay the browser's. Ctrl+V comes as a
// paste event.
const kWithControl = new Set(['z', 'y', 'a', 'c', 'x', 's', 'o', 'Enter', 'Backspace', 'Delete', 'Home', 'End',
  'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

// On keyboards of other scripts, letters count by their place: Ctrl+Z is Ctrl and the key where others have Z. Not with
// Alt: AltGr, which is Ctrl+Alt, writes letters of its own.
function keyOf({ key, code, altKey }) {
  return key.length === 1 && key > '~' && !altKey && /^Key[A-Z]$/.test(code) ? code[3].toLowerCase() : key;
}

function ours(event) {
  if (event.isComposing || event.key === 'Dead' || event.key === 'Process' || event.key === 'Unidentified') return false;
  if (/^F\d+$/.test(event.key)) return false;
  if (event.key === 'Tab') return false; // leads out of the canvas
  if (event.altKey && !event.ctrlKey) return false; // menus, the browser's back
  if (!event.ctrlKey && !event.metaKey) return true;
  const key = event.key.length === 1 ? keyOf(event).toLowerCase() : event.key;
  return kWithControl.has(key) && !(event.shiftKey && key !== 'z' && key.length === 1);
}

// Held down, these would start and pause, or save, thirty times a second.
function isOnce(event) {
  const key = keyOf(event).toLowerCase();
  return event.ctrlKey || event.metaKey ? key === 's' || key === 'o' : key === ' ' || key === '?';
}

export class Input {
  constructor({ canvas, keyboard, ui, screen }) {
    Object.assign(this, { canvas, keyboard, ui, screen });
    this.#pointers();
    this.#wheel();
    this.#keys();
    this.#text();
  }

  // After each frame: the cursor, and whether text is being edited.
  follow() {
    this.canvas.style.cursor = kCursors[this.ui._atelier_cursor()] ?? 'default';
    const wanted = this.ui._atelier_text_wanted() !== 0;
    const typing = document.activeElement === this.keyboard;
    if (wanted && document.activeElement === this.canvas) this.keyboard.focus({ preventScroll: true });
    if (!wanted && typing) this.canvas.focus({ preventScroll: true });
  }

  #pointers() {
    const { canvas } = this;
    const send = (phase, event) => {
      const box = canvas.getBoundingClientRect();
      const pressure = event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 1;
      this.ui._atelier_pointer(kPhase[phase], event.pointerId, kTypes[event.pointerType] ?? 0,
        event.clientX - box.left, event.clientY - box.top, pressure, event.buttons);
      this.screen.wake();
    };
    canvas.addEventListener('pointerdown', (event) => {
      if (document.activeElement !== this.keyboard) canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      send('down', event);
      event.preventDefault();
    });
    canvas.addEventListener('pointermove', (event) => {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const part of all.length ? all : [event]) send('move', part);
    });
    canvas.addEventListener('pointerup', (event) => {
      send('up', event);
      // A phone shows its keyboard only if the field gets the focus inside this very event.
      this.screen.draw();
      this.follow();
    });
    canvas.addEventListener('pointercancel', (event) => send('cancel', event));
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  #wheel() {
    this.canvas.addEventListener('wheel', (event) => {
      if (event.ctrlKey) return; // zooms the page
      const unit = event.deltaMode === 1 ? kWheelLine : event.deltaMode === 2 ? kWheelPage : 1;
      this.ui._atelier_wheel(event.deltaX * unit, event.deltaY * unit);
      event.preventDefault();
      this.screen.wake();
    }, { passive: false });
  }

  #keys() {
    const send = (down) => (event) => {
      if (this.screen.stopped || (down && !ours(event))) return;
      if (down && event.repeat && event.target === this.canvas && isOnce(event)) {
        event.preventDefault();
        return;
      }
      const taken = withTexts(this.ui, [keyOf(event)], (key) => this.ui._atelier_key(down ? 1 : 0, key,
        event.ctrlKey || event.metaKey ? 1 : 0, event.shiftKey ? 1 : 0, event.altKey ? 1 : 0));
      // While text is edited, characters go on to the field, whose input event brings them back as text.
      const character = event.target === this.keyboard && event.key.length === 1 && !event.ctrlKey && !event.metaKey;
      if (down && taken && !character) event.preventDefault();
      this.screen.wake();
    };
    const { classList } = document.documentElement;
    addEventListener('keydown', (event) => { if (event.key === 'Tab') classList.add('by-keys'); });
    addEventListener('pointerdown', () => classList.remove('by-keys'));
    for (const element of [this.canvas, this.keyboard]) element.addEventListener('keydown', send(true));
    addEventListener('keyup', send(false)); // wherever it is: Shift+Tab leads out of the canvas before Shift is lifted
  }

  #text() {
    const flush = () => {
      if (this.keyboard.value) this.type(this.keyboard.value);
      this.keyboard.value = '';
    };
    this.keyboard.addEventListener('input', (event) => { if (!event.isComposing) flush(); });
    this.keyboard.addEventListener('compositionend', flush);
  }

  // Typed or pasted.
  type(text) {
    withTexts(this.ui, [text.slice(0, kMostText)], (pointer) => this.ui._atelier_text(pointer));
    this.screen.wake();
  }
}
