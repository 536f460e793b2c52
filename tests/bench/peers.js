// The peers that run in a page, on the workloads of bench.html: ONNX Runtime Web (inference) and TensorFlow.js on its
// WebAssembly backend (inference and training, for which it lacks one kernel: that is composed of others here).
/* global tf */
import * as ort from '/peers/onnxruntime-web/dist/ort.wasm.min.mjs';

const threads = Number(new URLSearchParams(location.search).get('threads'));
const kBatch = 64;
const kHeld = 1024;

// Time does not depend on what the pixels show; a garment's share of ink keeps zeros as frequent as in the data.
const pixels = Float32Array.from({ length: kHeld * 784 }, (_, i) => (i * 2654435761 % 97 < 49 ? 0 : (i % 255) / 255));

// Work a second, after a warm-up.
async function rate(seconds, work) {
  let result = 0;
  for (const wanted of [Math.min(0.5, seconds), seconds]) {
    let amount = 0;
    const start = performance.now();
    let took = 0;
    while (took < wanted) {
      amount += await work();
      took = (performance.now() - start) / 1000;
    }
    result = amount / took;
  }
  return result;
}

function batches(size) {
  let at = 0;
  return () => {
    at = at + size > kHeld ? 0 : at;
    at += size;
    return pixels.subarray((at - size) * 784, at * 784);
  };
}

async function onnx({ workload, metric, seconds }) {
  if (metric === 'train') throw new Error('it does not train');
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = '/peers/onnxruntime-web/dist/';
  const model = await (await fetch(`/models/${workload}.onnx`)).arrayBuffer();
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const size = metric === 'infer1' ? 1 : 256;
  const next = batches(size);
  return rate(seconds, async () => {
    await session.run({ images: new ort.Tensor('float32', next(), [size, 1, 28, 28]) });
    return size;
  });
}

function network(workload) {
  const { layers } = tf;
  const dense = (units, more) => layers.dense({ units, ...more });
  const conv = (filters, more) => layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...more });
  const list = {
    W1: () => [layers.flatten({ inputShape: [28, 28, 1] }), dense(10)],
    W2: () => [layers.flatten({ inputShape: [28, 28, 1] }), dense(1000, { activation: 'relu' }), dense(10)],
    W3: () => [conv(32, { strides: 2, inputShape: [28, 28, 1] }), layers.flatten(), dense(10)],
    W4: () => [conv(32, { inputShape: [28, 28, 1] }), conv(32), layers.maxPooling2d({ poolSize: 2 }), layers.dropout({ rate: 0.25 }),
      conv(64), conv(64), layers.maxPooling2d({ poolSize: 2 }), layers.dropout({ rate: 0.25 }), layers.flatten(),
      dense(128, { activation: 'relu' }), layers.dropout({ rate: 0.5 }), dense(10)],
  };
  return tf.sequential({ layers: list[workload]() });
}

// The weight gradient of a convolution by slices and one product, which its fast path takes because nothing in it is
// marked as transposed.
function filterGradient({ inputs: { x, dy }, attrs: { strides, pad, dimRoundingMode, filterShape } }) {
  const [height, width, into, out] = filterShape;
  const { padInfo, batchSize, outHeight, outWidth, strideHeight, strideWidth } =
    tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const padded = tf.pad(x, [[0, 0], [padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right], [0, 0]]);
  const planes = tf.transpose(padded, [3, 0, 1, 2]);
  const taps = [];
  for (let i = 0; i < height; ++i) {
    for (let j = 0; j < width; ++j) {
      const end = [into, batchSize, i + (outHeight - 1) * strideHeight + 1, j + (outWidth - 1) * strideWidth + 1];
      const seen = strideHeight === 1 && strideWidth === 1 ? tf.slice(planes, [0, 0, i, j], [into, batchSize, outHeight, outWidth]) :
        tf.stridedSlice(planes, [0, 0, i, j], end, [1, 1, strideHeight, strideWidth]);
      taps.push(tf.reshape(seen, [into, -1]));
    }
  }
  return tf.reshape(tf.matMul(tf.concat(taps), tf.reshape(dy, [-1, out])), filterShape);
}

async function startTfjs() {
  // It takes half as many threads as there are processors at most.
  Object.defineProperty(navigator, 'hardwareConcurrency', { configurable: true, value: 2 * threads });
  tf.wasm.setWasmPaths('/peers/@tensorflow/tfjs-backend-wasm/dist/');
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  const started = tf.wasm.getThreadsCount();
  if (started !== threads) throw new Error(`it runs with ${started} threads instead of ${threads}`);
  const kernel = { kernelName: 'Conv2DBackpropFilter', backendName: 'wasm' };
  if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel({ ...kernel, kernelFunc: filterGradient });
}

async function tfjs({ workload, metric, seconds }) {
  await startTfjs();
  const model = network(workload);
  const size = { train: kBatch, infer1: 1, infer256: 256 }[metric];
  const next = batches(size);
  const images = () => tf.tensor4d(next(), [size, 28, 28, 1]);
  if (metric !== 'train') {
    return rate(seconds, async () => {
      const [x, y] = tf.tidy(() => { const input = images(); return [input, model.predict(input)]; });
      await y.data();
      tf.dispose([x, y]);
      return size;
    });
  }
  const optimizer = workload === 'W4' ? tf.train.adam(1e-3) : workload === 'W1' ? tf.train.sgd(0.05) : tf.train.momentum(0.05, 0.9);
  const labels = tf.oneHot(tf.range(0, size, 1, 'int32').mod(tf.scalar(10, 'int32')), 10);
  return rate(seconds, async () => {
    const loss = tf.tidy(() => {
      const x = images();
      return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true })), true);
    });
    await loss.data();
    loss.dispose();
    return size;
  });
}

window.measure = async (question) => {
  const value = await { onnx, tfjs }[question.who](question);
  const composed = question.metric === 'train' && ['W3', 'W4'].includes(question.workload) ? ', one kernel composed' : '';
  const variant = question.who === 'onnx' ? 'onnxruntime-web' : `tfjs ${tf.version.tfjs} wasm${composed}`;
  return question.metric === 'infer1' ? { value: 1000 / value, unit: 'ms', variant } : { value, unit: 'samples/s', variant };
};
