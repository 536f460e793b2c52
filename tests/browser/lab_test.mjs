// Part 1 of the lab in the page: real digits, both pictures, the program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kSizes, must, mustEqual, output } from './support.mjs';

const taken = (easel, file) => easel.download({ do: 'download_lab', file });

// Width and height of a PNG, whose signature must be right.
function sizeOfPng({ name, bytes }) {
  mustEqual(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n', `signature of ${name}`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

async function trained(easel, settings = {}) {
  await easel.do({ do: 'show_page', page: 'lab' });
  await easel.do({ do: 'set_lab', ...settings });
  await easel.do('start_lab');
  return easel.until((state) => state.lab.phase === 'finished' || state.lab.phase === 'failed');
}

export default {
  async 'two digits: 4 against 9 is learned to less than 5 % of error, and both pictures can be taken'(stage) {
    const easel = await stage.open();
    const { lab } = await trained(easel);
    mustEqual(lab.phase, 'finished', `phase (${lab.ending})`);
    must(lab.total > 300 && lab.wrong / lab.total < 0.05, `${lab.wrong} of ${lab.total} are wrong`);
    mustEqual(lab.validationErrors.length, 20, 'epochs');
    const training = await taken(easel, 'training');
    const classification = await taken(easel, 'classification');
    mustEqual(training.name, 'numpy_nn_training.png', 'name');
    mustEqual(classification.name, 'numpy_nn_classification.png', 'name');
    for (const file of [training, classification]) {
      const { width, height } = sizeOfPng(file);
      must(width >= 1600 && height >= 400, `${file.name} is ${width} x ${height}`);
      writeFileSync(join(output, file.name), file.bytes);
    }
    const program = await taken(easel, 'program');
    mustEqual(program.name, 'numpy_nn.py', 'name');
    must(program.bytes.toString().includes('FIRST, SECOND = 4, 9'), 'the program has other digits');
  },

  async 'two digits: only the digits in use are loaded, in one thread too, to the same errors'(stage) {
    const short = { first: 3, second: 8, hidden: [12], epochs: 2 };
    const easel = await stage.open();
    const asked = [];
    easel.page.context().on('request', (request) => { if (/digit-\d/.test(request.url())) asked.push(request.url().match(/digit-(\d)/)[1]); });
    const threads = await trained(easel, short);
    const other = await stage.open({ isolated: false });
    const one = await trained(other, short);
    mustEqual(JSON.stringify(one.lab.validationErrors), JSON.stringify(threads.lab.validationErrors), 'validation errors');
    mustEqual([...new Set(asked)].sort().join(' '), '3 8', 'digits that were loaded');
  },

  async 'two digits: the plain buttons train them, say how it went, and take the files; settings outlast a reload'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'set_lab', first: 1, second: 7, hidden: [9], epochs: 3 });
    must(await easel.page.getByRole('button', { name: 'Download the curve' }).isDisabled(), 'a curve before any run');
    await easel.pressPlain('Train the digits');
    const { lab } = await easel.until((state) => state.lab.phase === 'finished');
    await easel.wait((wrong) => document.getElementById('digits-status').textContent.startsWith(`${wrong} of `), String(lab.wrong));
    const { name } = await easel.download(() => easel.pressPlain('Download the program'));
    mustEqual(name, 'numpy_nn.py', 'name');
    await easel.page.reload();
    await easel.ready();
    const { settings } = (await easel.state()).lab;
    mustEqual(JSON.stringify([settings.first, settings.second, settings.hidden, settings.epochs]), '[1,7,[9],3]', 'settings');
  },

  async 'two digits: the page shows what it made, on every size of screen'(stage) {
    for (const name of Object.keys(kSizes)) {
      const easel = await stage.open({ size: name });
      await trained(easel, { epochs: 8 });
      if ((await easel.items()).some(({ label, role }) => label === 'Result' && role === 'tab')) await easel.click('Result');
      await easel.item('Picture of the classification');
      await easel.page.screenshot({ path: join(output, `lab-${name}.png`) });
    }
  },
};
