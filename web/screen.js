// The canvas and its frames: drawn when something changed, and seldom while the page is not seen.

const kHighestRatio = 3; // more pixels cost memory on phones and are not seen
const kHiddenPause = 1_000; // milliseconds between two looks of a hidden page; browsers make it longer

const later = (action) => setTimeout(action, kHiddenPause);

export const kCannotDraw = 'This browser gives the page no WebGL 2. It may be switched off in the settings ' +
  '("hardware acceleration"), or the graphics driver is blocked.';

// Whether the canvas has a WebGL context; it is made by the first call, which may take some 300 ms. Made here, so that it
// keeps its pixels: only what changes is painted. SDL finds and uses it.
export function canDraw(canvas) {
  const settings = { preserveDrawingBuffer: true, antialias: false, alpha: false, depth: false, stencil: false };
  return canvas.getContext('webgl2', settings) !== null;
}

export class Screen {
  // onFrame() runs after each frame.
  constructor(canvas, ui, onFrame) {
    Object.assign(this, { canvas, ui, onFrame });
    this.unschedule = null; // while a frame is to come
    this.stopped = false;
  }

  // Once the canvas has its context. '' or the sentence that says why nothing can be drawn.
  start() {
    const { width, height, ratio } = this.#size();
    if (this.ui._atelier_start(width, height, ratio)) return kCannotDraw;
    this.#watchSize();
    this.#watchContext();
    this.#watchPreferences();
    document.addEventListener('visibilitychange', () => {
      this.unschedule?.(); // a hidden page's animation frame would never come
      this.wake();
    });
    this.wake();
    return '';
  }

  // A hidden page has no animation frames: what the engine says, the end of a training too, is then heard by a timer.
  wake() {
    if (this.unschedule || this.stopped) return;
    const [ask, take] = document.hidden ? [later, clearTimeout] : [requestAnimationFrame, cancelAnimationFrame];
    const frame = ask(() => {
      this.unschedule = null;
      this.draw();
    });
    this.unschedule = () => {
      take(frame);
      this.unschedule = null;
    };
  }

  // One frame now. Also what makes commands take effect at once while the page is hidden.
  draw() {
    if (this.stopped) return;
    const more = this.ui._atelier_frame(performance.now());
    if (more) this.wake();
    this.onFrame();
  }

  // For good: the module that draws is beyond use.
  stop() {
    this.stopped = true;
  }

  #size() {
    const box = this.canvas.getBoundingClientRect();
    return { width: box.width, height: box.height, ratio: Math.min(devicePixelRatio || 1, kHighestRatio) };
  }

  #watchSize() {
    const resize = () => {
      const { width, height, ratio } = this.#size();
      this.ui._atelier_resize(width, height, ratio);
      this.draw(); // at once: the canvas is cleared by its new size
    };
    new ResizeObserver(resize).observe(this.canvas);
    const watchRatio = () => {
      matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
        resize();
        watchRatio();
      }, { once: true });
    };
    watchRatio();
  }

  #watchContext() {
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // otherwise it never comes back
      this.ui._atelier_context_lost(1);
    });
    this.canvas.addEventListener('webglcontextrestored', () => {
      this.ui._atelier_context_lost(0);
      this.wake();
    });
  }

  #watchPreferences() {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const coarse = matchMedia('(pointer: coarse)');
    const tell = () => {
      this.ui._atelier_preferences(dark.matches ? 1 : 0, still.matches ? 1 : 0, coarse.matches ? 1 : 0);
      this.wake();
    };
    for (const query of [dark, still, coarse]) query.addEventListener('change', tell);
    tell();
  }
}
