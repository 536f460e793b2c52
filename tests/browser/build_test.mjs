// The network editor, with the mouse.
import { must, mustEqual } from './support.mjs';

async function openBuild(stage, options) {
  const easel = await stage.open(options);
  await easel.do({ do: 'show_page', page: 'build' });
  await easel.idle();
  return easel;
}

const layer = (state, at) => state.draft.layers[at];

export default {
  async 'SimpleCNN is chosen, a field is changed, a mistake is named, and undo brings all back'(stage) {
    const easel = await openBuild(stage);
    await easel.click('SimpleCNN');
    let state = await easel.state();
    mustEqual(state.draft.name, 'simple_cnn', 'network');
    mustEqual(state.draft.weights, 19710, 'weights');
    mustEqual(layer(state, 0).fields.out, 10, 'channels');
    await easel.click(layer(state, 0).name, { role: 'disclosure' });
    const more = (await easel.items()).filter((item) => /^(More|Increase|\+)/.test(item.label) && item.enabled);
    must(more.length > 0, `no [+] is visible: ${(await easel.items()).map((item) => item.label).join(', ')}`);
    await easel.page.mouse.click(more[0].x + more[0].width / 2, more[0].y + more[0].height / 2);
    await easel.idle();
    state = await easel.state();
    mustEqual(layer(state, 0).fields.out, 11, 'channels after [+]');
    must(state.draft.weights > 19710, `weights ${state.draft.weights}`);
    await easel.do({ do: 'set_layer_field', at: 0, key: 'in', value: 3 });
    state = await easel.state();
    mustEqual(state.draft.ok, false, 'ok');
    must(/1/.test(state.draft.problem) && state.draft.problem.length > 20, `sentence: ${state.draft.problem}`);
    mustEqual(state.draft.wrongLayer, 0, 'wrong layer');
    await easel.do('undo');
    await easel.do('undo');
    state = await easel.state();
    mustEqual(state.draft.ok, true, 'ok after undo');
    mustEqual(state.draft.weights, 19710, 'weights after undo');
  },

  async 'layers are added, moved and removed'(stage) {
    const easel = await openBuild(stage);
    await easel.click('FCNet');
    mustEqual((await easel.state()).draft.weights, 7850, 'weights');
    await easel.do({ do: 'add_layer', at: 0, type: 'Conv2d' });
    const added = await easel.state();
    mustEqual(added.draft.layers.length, 4, 'layers');
    await easel.do({ do: 'remove_layer', at: 0 });
    mustEqual((await easel.state()).draft.weights, 7850, 'weights after removing it');
  },

  async 'commands that cannot be carried out say why'(stage) {
    const easel = await openBuild(stage);
    const refused = [
      [{ do: 'choose_network', name: 'nothing' }, /no network/],
      [{ do: 'set_layer_field', at: 99, key: 'out', value: 1 }, /no layer 99/],
      [{ do: 'set_train', train: { learning_rate: -1 } }, /./],
      [{ do: 'fly' }, /no command/],
      ['not json at all"', /no command/],
      [{}, /do/],
      [{ do: 'remove_layer', at: 99 }, /no layer 99/],
      [{ do: 'add_layer', type: 'ReLU', at: -1 }, /no place -1/],
      [{ do: 'use_run', index: 0 }, /no run 0/],
      ['use_trained', /Nothing has been trained/],
      ['use_trained', /Nothing has been trained/], // its message is on the screen already
    ];
    for (const [command, sentence] of refused) {
      const problem = await easel.page.evaluate((sent) => window.atelier.do(sent).then(() => '', (error) => error.message), command);
      must(sentence.test(problem) && problem.length > 10, `${JSON.stringify(command)}: "${problem}"`);
    }
  },
};
