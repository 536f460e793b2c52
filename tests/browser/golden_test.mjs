// The same bits in every variant: selftest.html compares with tests/golden/expected.txt.
import { must } from './support.mjs';

async function allEqual(stage, query, isolated, variant) {
  const easel = await stage.open({ path: 'selftest.html', query, isolated, wait: false });
  await easel.wait(() => document.getElementById('device').textContent || document.querySelector('#status.bad'));
  const status = await easel.page.textContent('#status');
  must(/^All \d+ hashes are the expected ones\.$/.test(status), `${status}\n${await easel.page.innerText('#lines')}`);
  const device = JSON.parse(await easel.page.textContent('#device'));
  must(device.variant === variant, `ran as ${device.variant} instead of ${variant}: ${device.why}`);
}

export default {
  'the golden run is the expected one in one thread': (stage) => allEqual(stage, 'threads=1', false, 'st'),
  'the golden run is the expected one in the threaded build with 1 thread': (stage) => allEqual(stage, 'threads=1&variant=mt', true, 'mt'),
  'the golden run is the expected one in the threaded build with 2 threads': (stage) => allEqual(stage, 'threads=2&variant=mt', true, 'mt'),
  'the golden run is the expected one in the threaded build with 4 threads': (stage) => allEqual(stage, 'threads=4&variant=mt', true, 'mt'),
};
