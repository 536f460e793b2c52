// Capsules of runs, from the page and back into it.
import { must, mustEqual } from './support.mjs';

async function shortRun(easel) {
  await easel.until((state) => state.data.train >= 60000);
  await easel.do({ do: 'choose_network', name: 'fcnet' });
  await easel.do({ do: 'set_train', train: { fraction: 0.02, epochs: 3, augment: { shift: 1 } } });
  await easel.do('start_training');
  return easel.until((state) => state.runs.length === 1 && state.runs[0].capsule);
}

async function downloadCapsule(easel) {
  const { name, bytes } = await easel.download({ do: 'download_capsule', index: 0 });
  must(name.endsWith('.run.json'), `name ${name}`);
  return bytes;
}

const openCapsule = (easel, name, buffer) => easel.openFile(name, buffer, 'application/json');

const judged = (state) => state.training.phase === 'finished' && ['same', 'different'].includes(state.replay.verdict);

export default {
  async 'a run\'s capsule is downloaded, replayed in another page with other threads, and confirmed'(stage) {
    const first = await stage.open();
    const { runs: [run] } = await shortRun(first);
    const capsule = await downloadCapsule(first);
    must(capsule.length < 2048, `${capsule.length} bytes`);
    const { format, history, weights } = JSON.parse(capsule.toString());
    mustEqual(format, 'atelier.run/1', 'format');
    mustEqual(history.length, 3, 'epochs');
    mustEqual(weights, run.hash, 'hash of the weights');
    const second = await stage.open({ isolated: false });
    await second.until((state) => state.data.train >= 60000);
    await openCapsule(second, 'mine.run.json', capsule);
    const state = await second.until(judged);
    mustEqual(state.replay.verdict, 'same', state.replay.sentence);
    mustEqual(state.training.weightHash, run.hash, 'hash after the replay');
    mustEqual(state.runs[0].verified, true, 'the run is listed as verified');
  },

  async 'a capsule that was tampered with names the epoch'(stage) {
    const easel = await stage.open();
    await shortRun(easel);
    const capsule = JSON.parse((await downloadCapsule(easel)).toString());
    capsule.history[1][1] += 0.25;
    await openCapsule(easel, 'other.run.json', Buffer.from(JSON.stringify(capsule)));
    const { replay, runs } = await easel.until(judged);
    mustEqual(replay.verdict, 'different', 'verdict');
    must(/^Epoch 2 differs/.test(replay.sentence), replay.sentence);
    mustEqual(runs.length, 1, 'runs');
  },
};
