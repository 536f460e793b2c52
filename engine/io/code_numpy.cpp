#include "engine/io/code.hpp"
#include "engine/io/code_prepare.hpp"
#include "engine/io/code_text.hpp"
#include "engine/io/walk.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kHead = R"PY(import math

import numpy as np

)PY";

constexpr std::string_view kLayers = R"PY(

def windows_of(x, kernel, stride, padding, fill):
    """All kernel x kernel windows of x (N, C, H, W), as (N, C, H', W', kernel, kernel)."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge), constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
    return windows[:, :, ::stride, ::stride]


def conv2d(x, weight, bias, stride, padding, groups):
    windows = windows_of(x, weight.shape[2], stride, padding, 0)
    n, c, h, w, k, _ = windows.shape
    rows = windows.reshape(n, groups, c // groups, h, w, k, k).transpose(0, 1, 3, 4, 2, 5, 6).reshape(n, groups, h * w, -1)
    y = rows @ weight.reshape(groups, len(weight) // groups, -1).transpose(0, 2, 1)
    y = y.transpose(0, 1, 3, 2).reshape(n, -1, h, w)
    return y if bias is None else y + bias[:, None, None]


def linear(x, weight, bias):
    y = x.reshape(len(x), -1) @ weight.T
    return y if bias is None else y + bias


def max_pool2d(x, kernel, stride, padding):
    return windows_of(x, kernel, stride, padding, -np.inf).max((-1, -2))


def batch_norm2d(x, weight, bias, mean, variance, eps):
    scale = weight / np.sqrt(variance + np.float32(eps))
    return x * scale[:, None, None] + (bias - mean * scale)[:, None, None]


def batch_norm1d(x, weight, bias, mean, variance, eps):
    scale = weight / np.sqrt(variance + np.float32(eps))
    return x * scale + (bias - mean * scale)


def avg_pool2d(x, kernel, stride, padding):
    return windows_of(x, kernel, stride, padding, 0).mean((-1, -2))


def gelu(x):
    return x / 2 * (1 + np.vectorize(math.erf, otypes=[np.float32])(x * np.float32(0.5**0.5)))


def softmax(x):
    x = np.exp(x - x.max(1, keepdims=True))
    return x / x.sum(1, keepdims=True)


def log_softmax(x):
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))

)PY";

constexpr std::string_view kTail = R"PY(

def classify(weights, x):
    """x: (B, @C, @H, @W), pixels from 0 (black) to 1. Returns the labels, (B,)."""
    y = forward(weights, x).reshape(len(x), -1)
    return (y[:, 0] >= 0.5).astype(np.int64) if y.shape[1] == 1 else y.argmax(1)


def load(path="model.npz"):
    with np.load(path) as file:
        return {name: file[name] for name in file.files if not name.startswith(("golden_", "atelier"))}
)PY";

// One overload for each kind of layer: the expression of its output.
struct Express {
  const Step& step;
  std::vector<std::string> inputs;
  std::string x = inputs[0];

  std::string part(const char* name) const {
    return "w[" + literal(step.name() + "." + name) + "]";
  }
  std::string bias(bool there) const { return there ? part("bias") : "None"; }

  std::string operator()(const spec::Linear& l) const {
    return "linear(" + x + ", " + part("weight") + ", " + bias(l.bias) + ")";
  }
  std::string operator()(const spec::Conv2d& l) const {
    return "conv2d(" + x + ", " + part("weight") + ", " + bias(l.bias) + ", " + text(l.stride) +
           ", " + text(l.padding) + ", " + text(l.groups) + ")";
  }
  std::string operator()(const spec::MaxPool2d& l) const {
    return "max_pool2d(" + x + ", " + text(l.kernel) + ", " + text(l.stride) + ", " +
           text(l.padding) + ")";
  }
  std::string operator()(const spec::BatchNorm2d& l) const {
    return "batch_norm2d(" + x + ", " + part("weight") + ", " + part("bias") + ", " +
           part("running_mean") + ", " + part("running_var") + ", " + text(l.eps) + ")";
  }
  std::string operator()(const spec::Dropout&) const { return x; }  // only in training
  std::string operator()(const spec::ReLU&) const { return "np.maximum(" + x + ", 0)"; }
  std::string operator()(const spec::Sigmoid&) const { return "1 / (1 + np.exp(-" + x + "))"; }
  std::string operator()(const spec::Tanh&) const { return "np.tanh(" + x + ")"; }
  std::string operator()(const spec::Flatten&) const { return x + ".reshape(len(x), -1)"; }
  std::string operator()(const spec::LogSoftmax&) const { return "log_softmax(" + x + ")"; }
  std::string operator()(const spec::LeakyReLU& l) const {
    return "np.where(" + x + " > 0, " + x + ", " + x + " * np.float32(" + text(l.negative_slope) +
           "))";
  }
  std::string operator()(const spec::GELU&) const { return "gelu(" + x + ")"; }
  std::string operator()(const spec::SiLU&) const { return x + " / (1 + np.exp(-" + x + "))"; }
  std::string operator()(const spec::Softmax&) const { return "softmax(" + x + ")"; }
  std::string operator()(const spec::BatchNorm1d& l) const {
    return "batch_norm1d(" + x + ", " + part("weight") + ", " + part("bias") + ", " +
           part("running_mean") + ", " + part("running_var") + ", " + text(l.eps) + ")";
  }
  std::string operator()(const spec::AvgPool2d& l) const {
    return "avg_pool2d(" + x + ", " + text(l.kernel) + ", " + text(l.stride) + ", " +
           text(l.padding) + ")";
  }
  std::string operator()(const spec::GlobalAvgPool&) const {
    return x + ".mean((2, 3), keepdims=True)";
  }
  std::string operator()(const spec::Add&) const { return joined(inputs, " + "); }
  std::string operator()(const spec::Concat&) const {
    return "np.concatenate([" + joined(inputs, ", ") + "], 1)";
  }
};

}  // namespace

std::string numpy_code(const spec::Network& spec, const ModelCard& card) {
  std::string code = "\"\"\"The network " + literal(spec.name) +
                     " in NumPy; its weights are in model.npz. Written by Atelier.\"\"\"\n";
  code += kHead;
  code += python_facts(card, spec.input);
  code += kLayers;
  code += "\ndef forward(w, x):\n    x = np.asarray(x, np.float32)\n";
  const std::vector<Step> steps = walk(spec);
  const Variables variables(steps);
  for (const Step& step : steps) {
    const std::string to = variables.of(step.index);
    const std::string y = std::visit(Express{step, variables.inputs(step)}, step.layer->layer);
    if (y == to) continue;
    code += "    " + to + " = " + y + (variables.one() ? "  # " + step.name() : "") + "\n";
  }
  code +=
      "    return " + variables.of(int(steps.size()) - 1) + "\n" + with_shape(kTail, spec.input);
  if (is_prepared(spec.input)) code += python_prepare();
  return code;
}

}  // namespace engine::io
