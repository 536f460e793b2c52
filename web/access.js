// The page without its canvas: plain buttons, and what happens in words, for keys and screen readers.

const kOften = 5_000; // milliseconds between two sentences about a running training
const kLasting = 1_000; // milliseconds that an answer must last before it is read aloud

export class Speech {
  constructor() {
    this.calm = document.getElementById('said');
    this.urgent = document.getElementById('urgent');
  }

  say(text, urgent) {
    (urgent ? this.urgent : this.calm).textContent = text;
  }
}

// The ready networks by their buttons' ids, which are their names.
const kNetworks = { fcnet: 'FCNet', mlp: 'MLP', simple_cnn: 'SimpleCNN', lab_cnn: 'LabCNN', my_net: 'MyNet' };

const percent = (share) => `${Math.round(share * 100)} %`;

function predictionSentence({ prediction, drawing }) {
  if (prediction?.problem) return prediction.problem;
  if (!prediction?.name) return 'Nothing is drawn yet.';
  const name = `${prediction.name}, ${percent(prediction.probability)}`;
  if (drawing.exactLabel >= 0) return `The network sees: ${name}. ${truthSentence(prediction, drawing)}`;
  return prediction.sure ? `The network sees: ${name}.` : `The network is not sure. Nearest: ${name}.`;
}

function truthSentence({ best }, { exactLabel, exactName, exactIndex }) {
  return best === exactLabel ? `Right: test image ${exactIndex}.` : `Labelled ${exactName}: test image ${exactIndex}.`;
}

function trainingSentence({ training }) {
  const { phase, epoch, epochs, validationAccuracy } = training;
  if (phase === 'idle') return 'No training has been started.';
  const reached = validationAccuracy >= 0 ? `, validation accuracy ${percent(validationAccuracy)}` : '';
  if (phase === 'running') return `Training: epoch ${epoch + 1} of ${epochs}${reached}.`;
  if (phase === 'paused') return `Training is paused in epoch ${epoch + 1} of ${epochs}${reached}.`;
  return training.ending || `Training is over${reached}.`;
}

function digitsSentence({ lab }) {
  const { first, second } = lab.ran;
  if (lab.phase === 'running') return `Telling ${first} from ${second}: epoch ${Math.min(lab.epochsDone + 1, lab.epochs)} of ${lab.epochs}.`;
  if (lab.phase === 'finished') return `${lab.wrong} of ${lab.total} test images of the digits are named wrongly. ${lab.ending}`.trim();
  return lab.ending;
}

function networkSentence({ draft }) {
  if (!draft.ok) return `The network in the editor does not work yet. ${draft.problem}`;
  return `In the editor: ${kNetworks[draft.name] ?? draft.name}, ${draft.weights.toLocaleString('en-US')} weights.`;
}

function mistakesSentence({ mistakes: { running, hash, counts, classes, correct, total }, model }) {
  if (running) return 'The test images are being named.';
  if (counts.length === 0) return '';
  const pairs = counts.flatMap((row, label) => row.map((count, answer) => ({ count, label, answer })));
  const worst = pairs.filter(({ label, answer }) => label !== answer).reduce((most, pair) => (pair.count > most.count ? pair : most));
  const often = worst.count > 0 ? ` Most often, ${worst.count} times, ${classes[worst.label]} is taken for ${classes[worst.answer]}.` : '';
  const other = hash === model.hash ? '' : ' That is of other weights than those in use now.';
  return `${correct} of ${total} test images are named rightly.${often}${other}`;
}

// What the plain buttons do, by their id; an object has values beside the action's name.
const kCommands = {
  start: 'start_training',
  stop: 'stop_training',
  random: 'random_test_image',
  clear: 'clear_drawing',
  undo: 'undo',
  redo: 'redo',
  ...Object.fromEntries(Object.keys(kNetworks).map((name) => [name, { do: 'choose_network', name }])),
  shipped: 'use_shipped',
  plain: 'use_plain',
  trained: 'use_trained',
  mistakes: 'find_mistakes',
  download: 'download_weights',
  open: 'open_file',
  'digits-training': { do: 'download_lab', file: 'training' },
  'digits-classification': { do: 'download_lab', file: 'classification' },
  'digits-program': { do: 'download_lab', file: 'program' },
};
const kAlways = ['random', 'clear', ...Object.keys(kNetworks), 'shipped', 'plain', 'download', 'open'];
const kSentences = ['prediction', 'network-status', 'status', 'mistakes-status', 'digits-status', 'problem'];

export class Access {
  constructor(api) {
    this.api = api;
    this.spoken = {};
    const get = (id) => document.getElementById(id);
    this.parts = Object.fromEntries([...Object.keys(kCommands), 'pause', 'digits', ...kSentences].map((id) => [id, get(id)]));
    const on = (id, command) => this.parts[id].addEventListener('click', () => this.#run(command));
    for (const [id, command] of Object.entries(kCommands)) on(id, () => command);
    on('pause', () => (this.phase === 'paused' ? 'resume_training' : 'pause_training'));
    on('digits', () => (this.api.state().lab.phase === 'running' ? 'stop_lab' : 'start_lab'));
  }

  async #run(command) {
    this.parts.problem.textContent = '';
    try {
      await this.api.do(command());
    } catch (error) {
      this.parts.problem.textContent = error.message;
    }
    this.update();
  }

  // Buttons and sentences follow the state. A live region that changes is read aloud, so it changes seldom.
  update() {
    if (this.api.stopped) return;
    const state = this.api.state();
    const held = document.activeElement;
    this.phase = state.training.phase;
    const running = this.phase === 'running';
    const paused = this.phase === 'paused';
    const { parts } = this;
    parts.start.disabled = running || paused;
    parts.pause.disabled = !running && !paused;
    parts.pause.textContent = paused ? 'Resume' : 'Pause';
    parts.stop.disabled = !running && !paused;
    parts.undo.disabled = !state.canUndo;
    parts.redo.disabled = !state.canRedo;
    parts.trained.disabled = !state.hasTrained && !running && !paused;
    for (const id of kAlways) parts[id].disabled = false;
    parts.mistakes.disabled = state.mistakes.running;
    this.#updateDigits(state.lab);
    handOn(held);
    this.#showPrediction(state);
    const network = networkSentence(state);
    this.#write('network-status', network, network);
    this.#write('status', this.phase, trainingSentence(state));
    this.#write('mistakes-status', state.mistakes.running, mistakesSentence(state));
    this.#write('digits-status', state.lab.phase, digitsSentence(state));
  }

  #updateDigits({ phase }) {
    const { parts } = this;
    parts.digits.disabled = false;
    parts.digits.textContent = phase === 'running' ? 'Stop the digits' : 'Train the digits';
    for (const file of ['training', 'classification', 'program']) parts[`digits-${file}`].disabled = phase !== 'finished';
  }

  // At once when the phase is another, else every few seconds; the newest that was held back comes then.
  #write(id, phase, sentence) {
    const now = performance.now();
    const last = this.spoken[id];
    clearTimeout(last?.later);
    const early = last && phase === last.phase ? last.time + kOften - now : 0;
    if (early > 0) {
      last.later = setTimeout(() => this.#write(id, phase, sentence), early);
      return;
    }
    this.spoken[id] = { phase, time: now };
    write(this.parts[id], sentence);
  }

  // A sentence that lasts is read aloud, not every bar that moves under a stroke. For another name the figure need not
  // last: while the network learns it never does.
  #showPrediction(state) {
    const sentence = predictionSentence(state);
    const { name = '', sure = false } = state.prediction ?? {};
    const renamed = name !== this.name || sure !== this.sure;
    if (sentence === this.sentence || (this.renaming && !renamed)) return;
    Object.assign(this, { sentence, name, sure, renaming: renamed });
    clearTimeout(this.lasting);
    this.lasting = setTimeout(() => {
      if (this.api.stopped) return;
      this.renaming = false;
      this.sentence = predictionSentence(this.api.state());
      write(this.parts.prediction, this.sentence);
    }, kLasting);
  }
}

// A button that is greyed out would let go of the focus, and the card would close under it.
function handOn(held) {
  if (!held?.disabled || !held.closest('.row')) return;
  const next = [...held.closest('.row').children].find((button) => !button.disabled);
  (next ?? held.closest('.controls')).focus();
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
