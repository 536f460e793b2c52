// What the page looks like: three pictures are guarded with a tolerance. A wanted change is accepted by copying
// build/test-output/look-*.png to tests/browser/expected/.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { difference } from './pixels.mjs';
import { must, output, tree } from './support.mjs';

const kTolerance = 0.015; // of the pixels: another network's name and figures, not another layout
const kTries = 5; // to take a picture: the browser may show a frame a moment after it was drawn

async function guarded(stage, size) {
  const easel = await stage.open({ size, isolated: false, settings: { colorScheme: 'light', reducedMotion: 'reduce' } });
  await easel.until((state) => state.data.train === 60000 && state.data.test === 10000 && !state.data.loading);
  await easel.do({ do: 'choose_network', name: 'simple_cnn' });
  await easel.do({ do: 'show_page', page: size === 'phone' ? 'draw' : 'build' });
  await easel.settled();
  const expected = join(tree, 'tests/browser/expected', `look-${size}.png`);
  let share = 1;
  for (let tries = 0; tries < kTries && share > kTolerance; ++tries) {
    const got = await easel.screenshot(`look-${size}`);
    must(existsSync(expected), `there is no ${expected}: look at ${output}/look-${size}.png and copy it there`);
    share = await difference(stage.browser, got, readFileSync(expected));
  }
  must(share <= kTolerance, `${(100 * share).toFixed(2)} % of the pixels differ from ${expected}`);
}

export default {
  'the page looks as accepted at 1440x900': (stage) => guarded(stage, 'wide'),
  'the page looks as accepted at 1024x768': (stage) => guarded(stage, 'medium'),
  'the page looks as accepted at 390x844': (stage) => guarded(stage, 'phone'),

  async 'pictures that differ are told apart'(stage) {
    const easel = await stage.open({ isolated: false });
    await easel.settled();
    const first = await easel.page.screenshot();
    must(await difference(stage.browser, first, first) === 0, 'a picture differs from itself');
    await easel.do('toggle_theme');
    await easel.idle();
    let share = 0;
    for (let tries = 0; tries < kTries && share <= 0.5; ++tries) {
      share = await difference(stage.browser, first, await easel.page.screenshot());
    }
    must(share > 0.5, 'light and dark are taken for the same');
  },

  // For the README: taken by hand from build/test-output/screenshot.png.
  async 'a picture of the page in use can be taken'(stage) {
    const easel = await stage.open({ settings: { colorScheme: 'light', deviceScaleFactor: 2 } });
    await easel.until((state) => state.data.train === 60000);
    await easel.do({ do: 'choose_network', name: 'simple_cnn' });
    await easel.do({ do: 'set_train', train: { fraction: 0.3, epochs: 12 } });
    await easel.drawTrousers();
    await easel.do({ do: 'show_page', page: 'train' });
    await easel.do('start_training');
    await easel.until((state) => state.training.epochsDone >= 6);
    await easel.screenshot('screenshot');
    must((await easel.state()).prediction.best >= 0, 'no prediction is shown');
    await easel.do('stop_training');
    await easel.until((state) => state.training.phase === 'finished');
  },
};
