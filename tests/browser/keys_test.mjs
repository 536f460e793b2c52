// The keyboard: everything can be done with it, and the browser keeps its own keys.
import { must, mustEqual } from './support.mjs';

export default {
  async 'R, Ctrl+Z, Ctrl+Y and ? do what the help says'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0);
    await easel.page.keyboard.press('r');
    await easel.until((state) => state.drawing.exactIndex >= 0);
    await easel.page.keyboard.press('Control+z');
    await easel.until((state) => state.drawing.blank);
    await easel.page.keyboard.press('Control+y');
    await easel.until((state) => state.drawing.exactIndex >= 0);
    await easel.page.keyboard.press('?');
    await easel.until((state) => state.help);
    await easel.page.keyboard.press('Escape');
    await easel.until((state) => !state.help);
  },

  async 'on a keyboard of another script the shortcuts are where they are on others'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'add_stroke', points: [[0.3, 0.3], [0.7, 0.7]] });
    const press = (init) => easel.page.evaluate((keys) => {
      const event = new KeyboardEvent('keydown', { ...keys, bubbles: true, cancelable: true });
      document.getElementById('canvas').dispatchEvent(event);
      return event.defaultPrevented;
    }, init);
    mustEqual(await press({ key: 'я', code: 'KeyZ', ctrlKey: true }), true, 'Ctrl+я is taken');
    await easel.until((state) => state.drawing.blank);
    mustEqual(await press({ key: 'к', code: 'KeyR', ctrlKey: true }), false, 'Ctrl+к is taken');
    mustEqual(await press({ key: 'ż', code: 'KeyZ', ctrlKey: true, altKey: true }), false, 'AltGr+z is taken');
  },

  async 'Space starts, pauses and resumes a training'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'choose_network', name: 'simple_cnn' });
    await easel.do({ do: 'set_train', train: { fraction: 1, epochs: 1000 } }); // not over before the next key
    await easel.until((state) => state.data.train === 60000);
    await easel.page.keyboard.press('Space');
    await easel.until((state) => state.training.phase === 'running');
    await easel.page.keyboard.press('Space');
    await easel.until((state) => state.training.phase === 'paused');
    await easel.page.keyboard.press('Space');
    await easel.until((state) => state.training.phase === 'running');
    await easel.do('stop_training');
  },

  async 'Tab leads out of the canvas and back'(stage) {
    const easel = await stage.open();
    const focus = () => easel.page.evaluate(() => document.activeElement.id || document.activeElement.className);
    mustEqual(await focus(), 'canvas', 'focus at first');
    await easel.wait(() => !document.getElementById('start').disabled); // the plain buttons follow the state a little later
    await easel.page.keyboard.press('Tab');
    mustEqual(await focus(), 'start', 'focus after Tab');
    mustEqual(await easel.page.evaluate(() => getComputedStyle(document.getElementById('controls')).clipPath), 'none', 'clip of the plain controls');
    await easel.page.keyboard.press('Shift+Tab');
    mustEqual(await focus(), 'canvas', 'focus after Shift+Tab');
    await easel.page.keyboard.press('Shift+Tab');
    mustEqual(await focus(), 'skip', 'focus on the skip link');
  },

  async 'of a very long text that is pasted the canvas gets the beginning'(stage) {
    const easel = await stage.open();
    const letters = await easel.page.evaluate(() => {
      const { ui } = window.atelier;
      let length = 0;
      ui._atelier_text_wanted = () => 1;
      ui._atelier_text = (pointer) => { length = ui.HEAPU8.indexOf(0, pointer) - pointer; };
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '7'.repeat(5_000_000));
      document.getElementById('canvas').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      return length;
    });
    must(letters > 100 && letters < 10_000, `${letters} letters`);
  },

  async 'a key that is held down saves once'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    const names = [];
    easel.page.on('download', (file) => names.push(file.suggestedFilename()));
    await easel.download(async () => {
      await easel.page.keyboard.down('Control');
      for (let times = 0; times < 4; ++times) await easel.page.keyboard.down('s'); // all but the first one repeat it
      await easel.page.keyboard.up('s');
      await easel.page.keyboard.up('Control');
    });
    await easel.idle();
    const last = 'numpy_cnn.py'; // asked for after the key: whatever else the key has saved is told of before it
    await Promise.all([
      easel.page.waitForEvent('download', (file) => file.suggestedFilename() === last),
      easel.do({ do: 'export_weights', format: 'numpy' }),
    ]);
    mustEqual(names.filter((name) => name !== last).length, 1, 'downloads');
  },

  async 'a key that is lifted outside of the canvas is lifted for the canvas too'(stage) {
    const easel = await stage.open();
    await easel.page.keyboard.press('Shift'); // the first call of an export puts another function in its place
    await easel.page.evaluate(() => {
      const { ui } = window.atelier;
      const original = ui._atelier_key;
      window.lifted = 0;
      ui._atelier_key = (down, ...rest) => {
        window.lifted += down ? 0 : 1;
        return original(down, ...rest);
      };
    });
    await easel.page.keyboard.down('Shift');
    await easel.page.evaluate(() => document.getElementById('controls').focus());
    await easel.page.keyboard.up('Shift');
    mustEqual(await easel.page.evaluate(() => window.lifted), 1, 'keys lifted');
  },

  async 'the keys of the browser stay with the browser'(stage) {
    const easel = await stage.open();
    await easel.page.evaluate(() => {
      window.taken = {};
      addEventListener('keydown', (event) => {
        const name = `${event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.key}`;
        window.taken[name] = event.defaultPrevented;
        event.preventDefault(); // the test's browser must not follow it
      });
    });
    const theirs = ['F1', 'F5', 'F11', 'F12', 'Tab', 'Ctrl+r', 'Ctrl+l', 'Ctrl+t', 'Ctrl+w', 'Ctrl+f', 'Ctrl+p', 'Ctrl+0',
      'Ctrl++', 'Ctrl+-', 'Ctrl+1', 'Alt+ArrowLeft'];
    for (const key of theirs) {
      await easel.page.evaluate(() => document.getElementById('canvas').focus());
      await easel.page.evaluate((name) => {
        const [key, ...modifiers] = name === 'Ctrl++' ? ['+', 'Ctrl'] : name.split('+').reverse();
        document.getElementById('canvas').dispatchEvent(new KeyboardEvent('keydown', {
          key, bubbles: true, cancelable: true, ctrlKey: modifiers.includes('Ctrl'), altKey: modifiers.includes('Alt'),
        }));
      }, key);
    }
    const taken = await easel.page.evaluate(() => window.taken);
    for (const key of theirs) mustEqual(taken[key], false, `${key} is taken`);
  },

  async 'the plain buttons and the sentences name what the canvas shows'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    const names = await easel.page.locator('#controls button').allTextContents();
    for (const name of ['Start training', 'Pause', 'Stop', 'Use the shipped weights', 'Download the weights']) {
      must(names.includes(name), `no button ${name}`);
    }
    await easel.pressPlain('Random test image');
    const { prediction, drawing } = await easel.until((state) => state.prediction.best >= 0);
    await easel.wait((name) => document.getElementById('prediction').textContent.includes(name), prediction.name);
    const truth = prediction.best === drawing.exactLabel ? 'Right' : `Labelled ${drawing.exactName}`;
    await easel.wait((text) => document.getElementById('prediction').textContent.includes(text), `${truth}: test image ${drawing.exactIndex}.`);
  },

  async 'the plain buttons build a ready network, undo it, and keep the focus when one is greyed out'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.train > 0);
    const { draft } = await easel.state();
    await easel.pressPlain('Build MLP');
    await easel.until((state) => state.draft.name === 'mlp');
    await easel.wait((text) => document.getElementById('network-status').textContent.includes(text), 'MLP, 795,010 weights');
    await easel.pressPlain('Undo');
    await easel.until((state, name) => state.draft.name === name, draft.name);
    await easel.wait(() => document.activeElement.id === 'redo');
    await easel.do({ do: 'set_train', train: { epochs: 1000 } }); // not over before the focus is looked at
    await easel.pressPlain('Start training');
    await easel.until((state) => state.training.phase === 'running');
    await easel.wait(() => document.activeElement.id === 'pause');
    await easel.do('stop_training');
  },

  async 'the sentence about the prediction follows the figure too'(stage) {
    const easel = await stage.open();
    const says = async (probability) => {
      await easel.page.evaluate((share) => {
        const { state } = Object.getPrototypeOf(window.atelier);
        const shown = { name: 'Coat', sure: true, probability: share };
        window.atelier.state = () => ({ ...state.call(window.atelier), prediction: shown });
      }, probability);
      await easel.do('toggle_help'); // a frame, which the sentences follow
      await easel.wait((text) => document.getElementById('prediction').textContent.includes(text), `Coat, ${probability * 100} %`);
    };
    await says(0.6);
    await says(0.9);
  },

  async 'a window that is left lets go of what was held'(stage) {
    const easel = await stage.open();
    const { x, y, width, height } = await easel.item('Paper');
    await easel.page.mouse.move(x + width * 0.3, y + height * 0.3);
    await easel.page.mouse.down();
    await easel.page.mouse.move(x + width * 0.7, y + height * 0.7, { steps: 4 });
    await easel.page.evaluate(() => dispatchEvent(new Event('blur')));
    await easel.page.mouse.up();
    await easel.idle();
    mustEqual((await easel.state()).drawing.strokes, 0, 'strokes');
  },
};
