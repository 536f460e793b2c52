// Drawing with real pointer events, and what the shipped network says to it.
import { must, mustEqual } from './support.mjs';

const open = async (stage, options) => {
  const easel = await stage.open(options);
  await easel.until((state) => state.model.from === 'shipped');
  return easel;
};

async function trousers(stage, size) {
  const easel = await open(stage, { size });
  await easel.drawTrousers();
  const { prediction } = await easel.until((state) => state.prediction.best >= 0);
  mustEqual(prediction.name, 'Trouser', `prediction (${JSON.stringify(prediction.probabilities)})`);
  const sum = prediction.probabilities.reduce((total, value) => total + value, 0);
  must(Math.abs(sum - 1) < 1e-4, `the probabilities sum to ${sum}`);
}

export default {
  async 'a blank paper predicts nothing'(stage) {
    const easel = await open(stage);
    const state = await easel.state();
    mustEqual(state.drawing.blank, true, 'blank');
    mustEqual(state.prediction.best, -1, 'best');
    must(state.prediction.probabilities.every((value) => value === 0), 'probabilities without a drawing');
  },

  'drawn trousers are trousers at 1440x900': (stage) => trousers(stage, 'wide'),
  'drawn trousers are trousers at 1024x768': (stage) => trousers(stage, 'medium'),

  async 'trousers drawn with a finger are trousers at 390x844, and the page does not scroll'(stage) {
    const easel = await open(stage, { size: 'phone' });
    const session = await easel.page.context().newCDPSession(easel.page);
    const { x, y, width, height } = await easel.item('Paper');
    const touch = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    const stroke = async (from, to) => {
      const at = (share) => ({ x: x + width * (from[0] + share * (to[0] - from[0])), y: y + height * (from[1] + share * (to[1] - from[1])) });
      await touch('touchStart', [at(0)]);
      for (let share = 0.1; share <= 1; share += 0.1) await touch('touchMove', [at(share)]);
      await touch('touchEnd', []);
      await easel.idle();
    };
    for (let v = 0.14; v <= 0.3; v += 0.03) await stroke([0.36, v], [0.64, v]);
    for (const [top, bottom] of [[0.38, 0.34], [0.43, 0.39], [0.57, 0.61], [0.62, 0.66]]) await stroke([top, 0.16], [bottom, 0.88]);
    const state = await easel.until((now) => now.prediction.best >= 0);
    mustEqual(state.drawing.strokes, 10, 'strokes');
    mustEqual(state.prediction.name, 'Trouser', 'prediction');
    mustEqual(await easel.page.evaluate(() => scrollY + document.scrollingElement.scrollTop), 0, 'scrolled by');
  },

  async 'the plain network reads the same drawing'(stage) {
    const easel = await open(stage);
    await easel.drawTrousers();
    const first = await easel.until((state) => state.prediction.best >= 0);
    await easel.do('use_plain');
    const plain = await easel.until((state) => state.model.from === 'plain' && state.prediction.best >= 0);
    mustEqual(plain.model.name, 'garment_cnn', 'name of the second network');
    must(plain.model.hash !== first.model.hash, 'another network');
    mustEqual(plain.drawing.strokes, first.drawing.strokes, 'strokes');
    mustEqual(JSON.stringify(plain.prediction.seen), JSON.stringify(first.prediction.seen), 'what it sees');
    await easel.do('use_shipped');
    const back = await easel.until((state) => state.model.from === 'shipped' && state.prediction.best >= 0);
    mustEqual(JSON.stringify(back.prediction.probabilities), JSON.stringify(first.prediction.probabilities), 'probabilities');
  },

  async 'what the network sees opens its steps'(stage) {
    for (const size of ['wide', 'phone']) {
      const easel = await open(stage, { size });
      await easel.drawTrousers();
      await easel.until((state) => state.prediction.best >= 0);
      await easel.click('What the network sees');
      await easel.item('4  Stroke weight');
      await easel.page.keyboard.press('Escape');
      await easel.idle();
      mustEqual((await easel.items()).some(({ label }) => label === '4  Stroke weight'), false, `open after Escape (${size})`);
    }
  },

  async 'a scribble is not called a garment'(stage) {
    const easel = await open(stage);
    await easel.stroke([[0.2, 0.3], [0.8, 0.35], [0.25, 0.5], [0.7, 0.2], [0.5, 0.9], [0.3, 0.2], [0.9, 0.7], [0.15, 0.75]]);
    const { prediction } = await easel.until((state) => state.prediction.best >= 0);
    mustEqual(prediction.sure, false, `sure of ${prediction.name} (${prediction.probability})`);
  },

  async 'undo, redo and clear are one step each'(stage) {
    const easel = await open(stage);
    await easel.stroke([[0.3, 0.3], [0.7, 0.3]]);
    await easel.stroke([[0.3, 0.6], [0.7, 0.6]]);
    const strokes = async () => (await easel.state()).drawing.strokes;
    mustEqual(await strokes(), 2, 'strokes');
    await easel.click('Undo');
    mustEqual(await strokes(), 1, 'strokes after undo');
    await easel.click('Redo');
    mustEqual(await strokes(), 2, 'strokes after redo');
    await easel.click('Clear');
    mustEqual((await easel.state()).drawing.blank, true, 'blank after clear');
    mustEqual((await easel.state()).prediction.best, -1, 'prediction after clear');
    await easel.click('Undo');
    mustEqual(await strokes(), 2, 'strokes after undoing the clear');
  },

  async 'a drawing can be filled and erased'(stage) {
    const easel = await open(stage);
    await easel.stroke([[0.3, 0.2], [0.7, 0.2], [0.7, 0.8], [0.3, 0.8], [0.3, 0.2]]);
    await easel.click('Fill');
    const { x, y, width, height } = await easel.item('Paper');
    await easel.page.mouse.click(x + width / 2, y + height / 2);
    await easel.idle();
    const filled = await easel.until((state) => state.drawing.picture && state.prediction.best >= 0);
    const ink = (state) => state.prediction.seen.reduce((sum, value) => sum + value, 0);
    await easel.click('Eraser');
    await easel.stroke([[0.35, 0.5], [0.65, 0.5]]);
    await easel.idle();
    const erased = await easel.state();
    must(ink(erased) < ink(filled), `ink ${ink(filled)} before the eraser, ${ink(erased)} after it`);
  },

  async 'random test images are mostly right'(stage) {
    const easel = await open(stage);
    await easel.until((state) => state.data.test === 10000);
    let right = 0;
    const shown = new Set();
    for (let i = 0; i < 40; ++i) {
      await easel.click('Random test image'); // and its answer; by chance it may be the image that is shown already
      const { drawing, prediction } = await easel.state();
      must(drawing.exactIndex >= 0 && prediction.best >= 0, `image ${drawing.exactIndex}, answer ${prediction.best}`);
      shown.add(drawing.exactIndex);
      right += prediction.best === drawing.exactLabel;
    }
    must(shown.size >= 30, `${shown.size} different images in 40`);
    must(right >= 30, `${right} of 40 are right`);
  },

  async 'a drawing survives a reload'(stage) {
    const easel = await open(stage);
    await easel.drawTrousers();
    const before = await easel.until((state) => state.prediction.best >= 0);
    await easel.untilKept((work, count) => work.strokes.length === count, before.drawing.strokes);
    await easel.page.reload();
    await easel.ready();
    const after = await easel.until((state) => state.prediction.best >= 0 && state.model.from === 'shipped');
    mustEqual(after.drawing.strokes, before.drawing.strokes, 'strokes');
    mustEqual(JSON.stringify(after.prediction.probabilities), JSON.stringify(before.prediction.probabilities), 'probabilities');
  },
};
