// Files: what the page gives and what it takes.
import { must, mustEqual } from './support.mjs';

// The header of a safetensors file, checked as its description says.
function headerOf(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  must(length > 0 && 8 + length <= bytes.length, `header of ${length} bytes in ${bytes.length}`);
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const spans = Object.entries(header).filter(([name]) => name !== '__metadata__')
    .map(([name, { shape, data_offsets: [from, to], dtype }]) => ({ name, shape, from, to, dtype }))
    .sort((a, b) => a.from - b.from);
  let at = 0;
  for (const { name, shape, from, to, dtype } of spans) {
    mustEqual(from, at, `start of ${name}`);
    const size = { F32: 4, F16: 2 }[dtype];
    mustEqual(to - from, shape.reduce((product, side) => product * side, size), `bytes of ${name}`);
    at = to;
  }
  mustEqual(8 + length + at, bytes.length, 'size of the file');
  return { header, names: spans.map(({ name }) => name) };
}

async function drop(easel, name, buffer, type) {
  await easel.page.evaluate(({ name: called, bytes, type: kind }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], called, { type: kind }));
    document.getElementById('canvas').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, { name, bytes: [...buffer], type });
}

// Files of one letter that claim to be of so many MB, together. As the browser's own, their list is empty after the event.
async function dropSized(easel, megabytes) {
  await easel.page.evaluate((sizes) => {
    const files = Object.entries(sizes).map(([name, size]) =>
      Object.defineProperty(new File(['x'], name), 'size', { value: size * 1024 * 1024 }));
    const event = new Event('drop', { bubbles: true, cancelable: true });
    event.dataTransfer = { files };
    document.getElementById('canvas').dispatchEvent(event);
    files.length = 0;
  }, megabytes);
}

// A PNG made by the browser: a bright garment-like shape on a dark ground.
async function picture(easel) {
  const base64 = await easel.page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 120;
    canvas.height = 200;
    const context = canvas.getContext('2d');
    context.fillStyle = '#000';
    context.fillRect(0, 0, 120, 200);
    context.fillStyle = '#eee';
    context.fillRect(25, 15, 70, 30);
    context.fillRect(25, 15, 27, 170);
    context.fillRect(68, 15, 27, 170);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return Buffer.from(base64, 'base64');
}

export default {
  async 'downloaded weights are a valid safetensors file and read back to the same prediction'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    await easel.do('random_test_image');
    const before = await easel.until((state) => state.prediction.best >= 0);
    const { name, bytes } = await easel.download('download_weights');
    must(/^[\w.-]+\.safetensors$/.test(name), `name ${name}`);
    const { header, names } = headerOf(bytes);
    must(names.length > 1 && header.__metadata__['atelier.spec'], 'no spec rides in the file');
    await easel.openFile('mine.safetensors', bytes);
    const after = await easel.until((state) => state.model.from === 'file' && state.prediction.best >= 0);
    mustEqual(after.model.hash, before.model.hash, 'hash of the weights');
    mustEqual(JSON.stringify(after.prediction.probabilities), JSON.stringify(before.prediction.probabilities), 'probabilities');
    const again = await easel.download('download_weights');
    must(again.bytes.equals(bytes), 'the same weights give another file');
  },

  async 'weights are exported to the files of other programs, and come back from them'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    const before = await easel.state();
    const names = {
      torch: 'model.pt', onnx: 'model.onnx', npz: 'model.npz', pytorch: 'pytorch_cnn.py', numpy: 'numpy_cnn.py',
      cpp: 'network.hpp', check: 'check_export.py',
    };
    for (const [format, name] of Object.entries(names)) {
      const { name: given, bytes } = await easel.download({ do: 'export_weights', format });
      mustEqual(given, name, `name of ${format}`);
      must(bytes.length > 2000, `${name} has ${bytes.length} bytes`);
      if (!['torch', 'onnx', 'npz'].includes(format)) continue;
      await easel.openFile(`mine-${name}`, bytes);
      const after = await easel.until(({ model }, note) => model.from === 'file' && model.note === note, `mine-${name}`);
      mustEqual(after.model.hash, before.model.hash, `hash of the weights from ${name}`);
      await easel.do('use_shipped');
      await easel.until((state) => state.model.from === 'shipped');
    }
  },

  async 'a training is exported for torchrun, unless drawings were among its images'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    await easel.do({ do: 'export_weights', format: 'ddp' });
    await easel.until((state) => state.toasts.some((toast) => JSON.stringify(toast).includes('trained with drawings')));
    await easel.do('use_plain');
    await easel.until((state) => state.model.from === 'plain');
    const { name } = await easel.download({ do: 'export_weights', format: 'ddp' });
    mustEqual(name, 'train_ddp.py', 'name');
  },

  async 'the dialogue offers every kind of file that can be opened'(stage) {
    const easel = await stage.open();
    const [chooser] = await Promise.all([easel.page.waitForEvent('filechooser'), easel.do('open_file')]);
    const accept = await chooser.element().evaluate((input) => input.accept);
    mustEqual(accept, '.safetensors,.pt,.onnx,.npz,.json,image/*', 'accept');
  },

  async 'a file that is larger than any network is refused before it is read, the one dropped with it is opened'(stage) {
    const easel = await stage.open();
    await dropSized(easel, { 'large.npz': 137, 'fits.npz': 130 });
    await easel.wait(() => /large\.npz could not be opened: .*136 MB/.test(document.getElementById('notices').textContent));
    // The engine's to judge; and the second one, although the list of files is empty by then.
    await easel.until((state) => state.toasts.some((toast) => toast.startsWith('fits.npz: These are no weights')));
    mustEqual(await easel.page.evaluate(() => document.getElementById('notices').textContent.includes('fits.npz')), false, 'refused');
  },

  async 'files that are no weights give a sentence and lose nothing'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    await easel.do('random_test_image');
    const before = await easel.until((state) => state.prediction.best >= 0);
    const { bytes } = await easel.download('download_weights');
    const random = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 2654435761) >>> 24));
    const nan = Buffer.from(bytes);
    nan.fill(0xff, nan.length - 64);
    const bad = {
      'random.safetensors': random,
      'short.safetensors': bytes.subarray(0, bytes.length - 7),
      'head.safetensors': bytes.subarray(0, 40),
      'empty.safetensors': Buffer.alloc(0),
      'text.txt': Buffer.from('These are no weights at all.\n'),
      'broken.json': Buffer.from('{"name": "x", "layers": ['),
      'nan.safetensors': nan,
    };
    for (const [name, buffer] of Object.entries(bad)) {
      for (let left = (await easel.state()).toasts.length; left > 0; --left) await easel.do('dismiss');
      await easel.openFile(name, buffer);
      const state = await easel.until((now) => now.toasts.length > 0);
      must(state.toasts[0].length > 15, `${name}: "${state.toasts[0]}"`);
      mustEqual(state.model.hash, before.model.hash, `${name}: hash of the weights`);
      mustEqual(JSON.stringify(state.prediction.probabilities), JSON.stringify(before.prediction.probabilities), `${name}: probabilities`);
    }
  },

  async 'a dropped picture is classified'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.model.from === 'shipped');
    await drop(easel, 'trousers.png', await picture(easel), 'image/png');
    const state = await easel.until((now) => now.drawing.picture && now.prediction.best >= 0);
    mustEqual(state.prediction.name, 'Trouser', 'prediction');
  },

  async 'a picture of too many pixels is refused before it is unpacked'(stage) {
    const easel = await stage.open();
    await easel.page.evaluate(() => { // as if its header said so
      for (const side of ['naturalWidth', 'naturalHeight']) {
        Object.defineProperty(HTMLImageElement.prototype, side, { get: () => 20_000 });
      }
      window.createImageBitmap = () => { throw new Error('it was unpacked'); };
    });
    await drop(easel, 'huge.png', await picture(easel), 'image/png');
    await easel.wait(() => /huge\.png .*20000 × 20000/.test(document.getElementById('notices').textContent));
    mustEqual((await easel.state()).drawing.blank, true, 'blank');
  },

  async 'a file that is dropped while the page loads does not take its place'(stage) {
    const easel = await stage.blank();
    let release;
    const released = new Promise((go) => { release = go; });
    await easel.page.context().route(/\/ui\.[0-9a-f]+\.wasm$/, async (route) => {
      await released;
      return route.continue();
    });
    await easel.page.goto(`${stage.sites.isolated}?sw=0`, { waitUntil: 'commit' });
    await easel.wait(() => window.atelier !== undefined);
    const left = await easel.page.evaluate(() => ['dragover', 'drop'].filter((kind) =>
      document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true }))));
    mustEqual(left.join(), '', 'events that the browser would act upon');
    release();
    await easel.ready();
  },

  async 'a dropped file that only claims to be a picture gives a sentence'(stage) {
    const easel = await stage.open();
    await drop(easel, 'fake.png', Buffer.from('no picture'), 'image/png');
    await easel.wait(() => /fake\.png could not be opened/.test(document.getElementById('notices').textContent));
    mustEqual((await easel.state()).drawing.blank, true, 'blank');
  },
};
