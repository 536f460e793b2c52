// Files from the user: chosen, dropped or pasted. Pictures are decoded here, everything else goes on as bytes.
import { withBytes, withTexts } from './wasm.js';

const kLargestFile = 136 * 1024 * 1024; // the engine reads 17 million values, which .npz may hold as float64
const kMostPixels = 100e6; // of a picture; in memory each takes four bytes, however small the file is
const kLargestSide = 1024; // of a decoded picture; the network sees 28

export class Files {
  // onProblem(sentence)
  constructor({ ui, screen, onProblem }) {
    Object.assign(this, { ui, screen, onProblem });
  }

  // Asks for one file. `accept`: as of <input type=file>.
  choose(accept) {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.onchange = () => this.take(input.files);
    this.input = input; // held: it is in no document, and must live until its dialogue is answered
    input.click();
  }

  // Files may be dropped anywhere (main.js keeps the browser from opening them) and pasted whenever no text is edited.
  watch(typeText) {
    addEventListener('drop', (event) => this.take(event.dataTransfer.files));
    addEventListener('paste', (event) => {
      if (event.clipboardData.files.length) {
        event.preventDefault();
        this.take(event.clipboardData.files);
      } else if (this.ui._atelier_text_wanted()) {
        event.preventDefault();
        typeText(event.clipboardData.getData('text/plain'));
      }
    });
  }

  async take(files) {
    for (const file of [...files]) { // the browser's list is empty once its event is over
      try {
        await this.#one(file);
      } catch (error) {
        this.onProblem(`${file.name} could not be opened: ${error.message}`);
      }
    }
    this.screen.wake();
  }

  async #one(file) {
    if (file.size > kLargestFile) throw new Error('it is larger than 136 MB. The weights of the largest network are 128 MB as float64.');
    if (file.type.startsWith('image/')) return this.#picture(file);
    const bytes = new Uint8Array(await file.arrayBuffer());
    return withTexts(this.ui, [file.name], (name) => withBytes(this.ui, bytes,
      (pointer, length) => this.ui._atelier_file(name, pointer, length)));
  }

  async #picture(file) {
    const { width, height, data } = await decode(file);
    withTexts(this.ui, [file.name], (name) => withBytes(this.ui, data,
      (pointer) => this.ui._atelier_picture(name, pointer, width, height)));
  }
}

function isNone() {
  throw new Error('this is no picture that the browser can read (PNG, JPEG, WebP or GIF).');
}

// An element tells its size without being unpacked: that waits until somebody shows it.
async function checkSize(file) {
  const image = new Image();
  const seen = new Promise((resolve, reject) => { Object.assign(image, { onload: resolve, onerror: reject }); });
  image.src = URL.createObjectURL(file);
  await seen.catch(isNone).finally(() => URL.revokeObjectURL(image.src));
  const { naturalWidth: width, naturalHeight: height } = image;
  if (width * height <= kMostPixels) return;
  throw new Error(`it has ${width} × ${height} pixels. Make it smaller first: 100 million can be read.`);
}

async function decode(file) {
  await checkSize(file);
  const full = await createImageBitmap(file).catch(isNone);
  const scale = Math.min(1, kLargestSide / Math.max(full.width, full.height));
  const width = Math.max(1, Math.round(full.width * scale));
  const height = Math.max(1, Math.round(full.height * scale));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.drawImage(full, 0, 0, width, height);
  full.close();
  return context.getImageData(0, 0, width, height);
}
