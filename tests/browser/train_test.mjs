// Training in the page: real data, both builds of the engine, the same bits in all of them.
import { must, mustEqual } from './support.mjs';

// A short run that still learns: 6,000 images, SimpleCNN.
const kShort = { fraction: 0.1, validation: 0.1, epochs: 5, batch: 64, seed: 7 };

// One that is still under way when it is paused or cut off.
const kLonger = { ...kShort, fraction: 1, epochs: 8 };

async function prepare(stage, options = {}, settings = kShort) {
  const easel = await stage.open(options);
  await easel.do({ do: 'choose_network', name: 'simple_cnn' });
  await easel.do({ do: 'set_train', train: settings });
  await easel.until((state) => state.data.train === 60000 && state.data.test === 10000);
  return easel;
}

// A short run may be over before it is looked at: what counts is that another one has begun.
async function start(easel) {
  const { started } = (await easel.state()).training;
  await easel.do('start_training');
  await easel.until((state, before) => state.training.started > before && state.training.phase !== 'idle', started);
}

// Waits until the page's storage has `count` values under the key `name`, or under keys that begin with it if it ends with
// a dot. Not a word to the page itself.
async function kept(easel, name, count = 1) {
  await easel.wait(([wanted, many]) => new Promise((resolve) => {
    const request = indexedDB.open(`atelier:${location.pathname}store`);
    request.onsuccess = () => {
      const keys = request.result.transaction('bytes').objectStore('bytes').getAllKeys();
      keys.onsuccess = () => {
        request.result.close();
        const found = keys.result.filter((key) => key === wanted || (wanted.endsWith('.') && key.startsWith(wanted)));
        resolve(found.length === many);
      };
    };
  }), [name, count]);
}

const checkpointKept = (easel) => kept(easel, 'checkpoint'); // the pointer, which is written with the checkpoint itself

// Runs in the page before its scripts.
function rememberWorkers() {
  const Original = Worker;
  window.workers = [];
  window.Worker = class extends Original {
    constructor(...given) {
      super(...given);
      window.workers.push(this);
    }
  };
}

const killWorker = () => window.workers.at(-1).onerror(new ErrorEvent('error', { message: 'killed' }));

const ended = (easel) => easel.until((state) => state.training.phase === 'finished' && state.training.testAccuracy >= 0);

async function straight(stage, options, settings) {
  const easel = await prepare(stage, options, settings);
  await start(easel);
  return { easel, training: (await ended(easel)).training };
}

export default {
  async 'SimpleCNN on a tenth of the data passes 80 % in threads and in one thread, with the same weights'(stage) {
    const threads = await straight(stage, { query: 'sw=0&threads=2&variant=mt' });
    mustEqual((await threads.easel.state()).engine.variant, 'mt', 'variant');
    const one = await straight(stage, { isolated: false });
    mustEqual((await one.easel.state()).engine.variant, 'st', 'variant');
    must(threads.training.bestValidationAccuracy > 0.8, `validation accuracy ${threads.training.bestValidationAccuracy}`);
    must(/^[0-9a-f]{16}$/.test(threads.training.weightHash) && !/^0+$/.test(threads.training.weightHash), 'no hash');
    mustEqual(one.training.weightHash, threads.training.weightHash, 'hash of the weights');
    mustEqual(one.training.testAccuracy, threads.training.testAccuracy, 'test accuracy');
  },

  async 'another seed gives other weights'(stage) {
    const settings = { ...kShort, fraction: 0.02, epochs: 1 };
    const first = await straight(stage, {}, settings);
    const second = await straight(stage, {}, { ...settings, seed: 8 });
    must(first.training.weightHash !== second.training.weightHash, 'two seeds gave the same weights');
  },

  async 'a run that was paused ends with the bits of one that was not'(stage) {
    const settings = kLonger;
    const { training } = await straight(stage, {}, settings);
    const easel = await prepare(stage, {}, settings);
    await start(easel);
    await easel.until((state) => state.training.step > 40);
    await easel.do('pause_training');
    const { training: paused } = await easel.until((state) => state.training.phase === 'paused');
    must(paused.step < paused.steps, 'the run was over before it could be paused');
    await easel.page.waitForTimeout(300);
    mustEqual((await easel.state()).training.step, paused.step, 'steps while paused');
    await easel.do('resume_training');
    mustEqual((await ended(easel)).training.weightHash, training.weightHash, 'hash of the weights');
  },

  async 'a run that was cut off by a reload goes on to the same bits'(stage) {
    const settings = kLonger;
    const { training } = await straight(stage, {}, settings);
    const easel = await prepare(stage, {}, settings);
    await start(easel);
    await checkpointKept(easel);
    must((await easel.state()).training.phase === 'running', 'the run was over before the reload');
    await easel.page.reload();
    await easel.ready();
    await easel.until((state) => state.training.phase === 'paused' && state.training.restored);
    await easel.do('resume_training');
    mustEqual((await ended(easel)).training.weightHash, training.weightHash, 'hash of the weights');
  },

  async 'after a reload a tab has the weights that it has trained, whatever another tab has'(stage) {
    const settings = { ...kShort, fraction: 0.02, epochs: 1 };
    const easel = await prepare(stage, {}, settings);
    const train = async (tab, seed) => {
      await tab.do({ do: 'set_train', train: { ...settings, seed } });
      await tab.until((state) => state.data.train === 60000);
      await start(tab);
      const ready = (state) => state.training.phase === 'finished' && state.model.hash === state.training.weightHash;
      return (await tab.until(ready)).model.hash;
    };
    const first = await train(easel, 7);
    const other = await stage.beside(easel, () => { sessionStorage.setItem('atelier.tab', '1000'); }); // of long ago
    must(await train(other, 8) !== first, 'two seeds gave the same weights');
    await kept(other, 'own.', 2);
    await easel.page.reload();
    await easel.ready();
    mustEqual((await easel.until((state) => state.model.from === 'trained')).model.hash, first, 'hash of the weights');
    await other.page.close();
    await easel.page.reload();
    await kept(easel, 'own.', 1); // the other tab is gone, and with it its copy
  },

  async 'a run that ends in a hidden tab is heard to its end, and its weights are kept'(stage) {
    const easel = await prepare(stage, {}, { ...kShort, fraction: 0.02, epochs: 1 });
    await easel.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await easel.do('start_training');
    await kept(easel, 'trained');
  },

  async 'a stopped run keeps its best weights and classifies'(stage) {
    const easel = await prepare(stage, {}, { ...kShort, epochs: 50 });
    await start(easel);
    await easel.until((state) => state.training.epochsDone >= 1);
    await easel.do('stop_training');
    const state = await easel.until((now) => now.training.phase === 'finished' && now.hasTrained);
    must(state.training.step < state.training.steps, 'it ran to its end');
    must(state.training.ending.length > 10, 'no sentence says how it ended');
    await easel.do('random_test_image');
    await easel.until((now) => now.prediction.best >= 0 && now.model.from === 'trained');
  },

  async 'the drawing is classified anew while the network learns'(stage) {
    const easel = await prepare(stage, {}, { ...kShort, epochs: 50 });
    await easel.do('random_test_image');
    await easel.until((state) => state.prediction.best >= 0);
    await start(easel);
    const { prediction } = await easel.until((state) => state.model.from === 'training' && state.prediction.best >= 0);
    await easel.until((state, before) => state.training.phase === 'running' &&
      state.prediction.probabilities.some((value, index) => value !== before[index]), prediction.probabilities);
    await easel.do('stop_training');
  },

  async 'the plain buttons train, pause, resume and stop, and say so'(stage) {
    const easel = await prepare(stage, {}, { ...kShort, epochs: 50 });
    await easel.pressPlain('Start training');
    await easel.until((state) => state.training.phase === 'running');
    await easel.pressPlain('Pause');
    await easel.until((state) => state.training.phase === 'paused');
    await easel.wait(() => /paused/.test(document.getElementById('status').textContent));
    await easel.pressPlain('Resume');
    await easel.until((state) => state.training.phase === 'running');
    await easel.pressPlain('Stop');
    await easel.until((state) => state.training.phase === 'finished');
  },

  async 'when the worker dies, another goes on from the last checkpoint'(stage) {
    const settings = kLonger;
    const { training } = await straight(stage, {}, settings);
    const easel = await stage.blank();
    await easel.page.addInitScript(rememberWorkers);
    await easel.open(`${stage.sites.isolated}?sw=0`);
    await easel.do({ do: 'choose_network', name: 'simple_cnn' });
    await easel.do({ do: 'set_train', train: settings });
    await easel.until((state) => state.data.train === 60000 && state.data.test === 10000);
    await start(easel);
    await checkpointKept(easel);
    must((await easel.state()).training.phase === 'running', 'the run was over before the worker died');
    await easel.page.evaluate(killWorker);
    const after = await ended(easel);
    mustEqual(after.training.weightHash, training.weightHash, 'hash of the weights');
    mustEqual(after.engine.failed, false, 'engine.failed');
  },

  async 'an engine that dies again and again stays away, and the page says so'(stage) {
    const easel = await stage.blank();
    await easel.page.addInitScript(rememberWorkers);
    await easel.open(`${stage.sites.plain}?sw=0`);
    await easel.until((state) => state.data.train > 0);
    await easel.do({ do: 'set_train', train: { ...kShort, epochs: 50 } });
    await start(easel);
    for (let deaths = 1; deaths <= 4; ++deaths) {
      await easel.wait((count) => window.workers.length === count, deaths);
      await easel.page.evaluate(killWorker);
    }
    const state = await easel.until(({ engine }) => engine.gone);
    mustEqual(state.training.phase, 'failed', 'phase');
    must(/Reload the page/.test(state.data.problem), `problem: ${state.data.problem}`);
    must(/killed/.test(state.engine.why), `why: ${state.engine.why}`);
    await easel.idle();
    const refused = await easel.page.evaluate(() => window.atelier.do('start_training').then(() => '', (error) => error.message));
    must(/Reload the page/.test(refused), `refused: ${refused}`);
    mustEqual(await easel.page.evaluate(() => window.workers.length), 4, 'workers');
  },

  async 'the screen may go dark again although the run ends before the browser has answered'(stage) {
    const easel = await stage.blank();
    await easel.page.addInitScript(() => {
      window.lock = { released: false, async release() { this.released = true; } };
      const request = () => new Promise((give) => { window.grant = () => give(window.lock); });
      Object.defineProperty(navigator, 'wakeLock', { value: { request } });
    });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    await easel.do({ do: 'set_train', train: { ...kShort, epochs: 50 } });
    await easel.until((state) => state.data.train === 60000);
    await start(easel);
    await easel.do('stop_training');
    await easel.until((state) => state.training.phase === 'finished');
    await easel.page.evaluate(() => window.grant());
    await easel.wait(() => window.lock.released);
  },
};
