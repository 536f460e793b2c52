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

const percent = (share) => `${Math.round(share * 100)} %`;

function predictionSentence({ prediction, drawing }) {
  if (!prediction?.name) return 'Nothing is drawn yet.';
  const name = `${prediction.name}, ${percent(prediction.probability)}`;
  return prediction.sure || drawing.exactLabel >= 0 ? `The network sees: ${name}.` : `The network is not sure. Nearest: ${name}.`;
}

function trainingSentence({ training }) {
  const { phase, epoch, epochs, validationAccuracy } = training;
  if (phase === 'idle') return 'No training has been started.';
  const reached = validationAccuracy >= 0 ? `, validation accuracy ${percent(validationAccuracy)}` : '';
  if (phase === 'running') return `Training: epoch ${epoch + 1} of ${epochs}${reached}.`;
  if (phase === 'paused') return `Training is paused in epoch ${epoch + 1} of ${epochs}${reached}.`;
  return training.ending || `Training is over${reached}.`;
}

export class Access {
  constructor(api) {
    this.api = api;
    this.spoken = { phase: '', time: -Infinity };
    const get = (id) => document.getElementById(id);
    this.parts = Object.fromEntries(['start', 'pause', 'stop', 'random', 'clear', 'shipped', 'plain', 'download',
      'open', 'prediction', 'status', 'problem'].map((id) => [id, get(id)]));
    const commands = {
      start: () => 'start_training',
      pause: () => (this.phase === 'paused' ? 'resume_training' : 'pause_training'),
      stop: () => 'stop_training',
      random: () => 'random_test_image',
      clear: () => 'clear_drawing',
      shipped: () => 'use_shipped',
      plain: () => 'use_plain',
      download: () => 'download_weights',
      open: () => 'open_file',
    };
    for (const [id, command] of Object.entries(commands)) {
      this.parts[id].addEventListener('click', () => this.#run(command()));
    }
  }

  async #run(command) {
    this.parts.problem.textContent = '';
    try {
      await this.api.do(command);
    } catch (error) {
      this.parts.problem.textContent = error.message;
    }
    this.update();
  }

  // Buttons and sentences follow the state. A live region that changes is read aloud, so it changes seldom.
  update() {
    const state = this.api.state();
    this.phase = state.training.phase;
    const running = this.phase === 'running';
    const paused = this.phase === 'paused';
    const { parts } = this;
    parts.start.disabled = running || paused;
    parts.pause.disabled = !running && !paused;
    parts.pause.textContent = paused ? 'Resume' : 'Pause';
    parts.stop.disabled = !running && !paused;
    for (const id of ['random', 'clear', 'shipped', 'plain', 'download', 'open']) parts[id].disabled = false;
    this.#showPrediction(state);
    const now = performance.now();
    if (this.phase !== this.spoken.phase || now - this.spoken.time > kOften) {
      this.spoken = { phase: this.phase, time: now };
      write(parts.status, trainingSentence(state));
    }
  }

  // A name that lasts is read aloud, not every bar that moves under a stroke.
  #showPrediction(state) {
    const { name = '', sure = false } = state.prediction ?? {};
    if (name === this.name && sure === this.sure) return;
    Object.assign(this, { name, sure });
    clearTimeout(this.lasting);
    this.lasting = setTimeout(() => write(this.parts.prediction, predictionSentence(this.api.state())), kLasting);
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
