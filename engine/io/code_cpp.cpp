#include <charconv>

#include "engine/io/code.hpp"
#include "engine/io/code_prepare.hpp"
#include "engine/io/code_text.hpp"
#include "engine/io/walk.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kHead =
    R"HPP(// Written by Atelier: a trained network in one C++17 header without dependencies.
//   float image[@C * @H * @W]  pixels from 0 (black) to 1, row by row
//   int label = trained_network::classify(image);
//   float worst = trained_network::check();  // largest difference on the 16 golden
//   images
#ifndef TRAINED_NETWORK_HPP
#define TRAINED_NETWORK_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

namespace trained_network {

using std::erf;
using std::exp;
using std::log;
using std::tanh;

struct Image {  // C planes of H rows of W values
  int c, h, w;
  std::vector<float> v;
  Image(int c_, int h_, int w_, float fill = 0)
      : c(c_), h(h_), w(w_), v(std::size_t(c_) * std::size_t(h_) * std::size_t(w_), fill) {}
};

inline Image pad(const Image& x, int padding, float fill) {
  if (padding == 0) return x;
  Image y(x.c, x.h + 2 * padding, x.w + 2 * padding, fill);
  for (int row = 0; row < x.c * x.h; ++row) {
    const int at = (row / x.h * y.h + row % x.h + padding) * y.w + padding;
    std::copy_n(x.v.begin() + std::ptrdiff_t(row) * x.w, x.w, y.v.begin() + at);
  }
  return y;
}

// weight (out, in / groups, kernel, kernel); bias (out) or null
inline Image conv2d(const Image& input, const float* weight, const float* bias, int out, int kernel,
                    int stride, int padding, int groups) {
  const int channels = input.c / groups, taps = channels * kernel * kernel;
  const Image x = pad(input, padding, 0);
  Image y(out, (x.h - kernel) / stride + 1, (x.w - kernel) / stride + 1);
  for (int o = 0; o < out; ++o) {
    float* plane = y.v.data() + std::size_t(o) * std::size_t(y.h * y.w);
    if (bias != nullptr) std::fill_n(plane, y.h * y.w, bias[o]);
    for (int i = 0; i < taps; ++i) {
      const float k = weight[std::size_t(o) * std::size_t(taps) + std::size_t(i)];
      const int c = o / (out / groups) * channels + i / (kernel * kernel);
      const int dy = i / kernel % kernel, dx = i % kernel;
      for (int row = 0; row < y.h; ++row) {
        const float* from = x.v.data() + (c * x.h + row * stride + dy) * x.w + dx;
        float* to = plane + row * y.w;
        for (int column = 0; column < y.w; ++column) to[column] += k * from[column * stride];
      }
    }
  }
  return y;
}

// weight (out, in); bias (out) or null
inline Image linear(const Image& x, const float* weight, const float* bias, int out) {
  Image y(out, 1, 1);
  for (int o = 0; o < out; ++o) {
    float sum = bias != nullptr ? bias[o] : 0;
    for (std::size_t i = 0; i < x.v.size(); ++i)
      sum += weight[std::size_t(o) * x.v.size() + i] * x.v[i];
    y.v[std::size_t(o)] = sum;
  }
  return y;
}

inline Image max_pool2d(const Image& input, int kernel, int stride, int padding) {
  const Image x = pad(input, padding, -std::numeric_limits<float>::infinity());
  Image y(x.c, (x.h - kernel) / stride + 1, (x.w - kernel) / stride + 1);
  for (int i = 0; i < y.c * y.h * y.w; ++i) {
    const int c = i / (y.h * y.w), row = i / y.w % y.h * stride, column = i % y.w * stride;
    float best = x.v[std::size_t((c * x.h + row) * x.w + column)];
    for (int k = 0; k < kernel * kernel; ++k)
      best = std::max(best,
                      x.v[std::size_t((c * x.h + row + k / kernel) * x.w + column + k % kernel)]);
    y.v[std::size_t(i)] = best;
  }
  return y;
}

inline Image batch_norm(Image x, const float* weight, const float* bias, const float* mean,
                        const float* variance, float eps) {
  const std::size_t area = x.v.size() / std::size_t(x.c);
  for (std::size_t i = 0; i < x.v.size(); ++i) {
    const std::size_t c = i / area;
    const float scale = weight[c] / std::sqrt(variance[c] + eps);
    x.v[i] = x.v[i] * scale + (bias[c] - mean[c] * scale);
  }
  return x;
}

template <class F>
Image each(Image x, F f) {
  for (float& v : x.v) v = f(v);
  return x;
}
inline float relu(float v) { return v > 0 ? v : 0; }
inline float gelu(float v) { return v / 2 * (1 + erf(v * 0.70710678f)); }
inline float silu(float v) { return v / (1 + exp(-v)); }
inline Image leaky_relu(Image x, float slope) {
  return each(std::move(x), [=](float v) { return v > 0 ? v : v * slope; });
}
inline float sigmoid(float v) { return 1 / (1 + exp(-v)); }
inline float hyperbolic_tangent(float v) { return tanh(v); }

inline Image avg_pool2d(const Image& input, int kernel, int stride, int padding) {
  const Image x = pad(input, padding, 0);
  Image y(x.c, (x.h - kernel) / stride + 1, (x.w - kernel) / stride + 1);
  for (int i = 0; i < y.c * y.h * y.w; ++i) {
    const int c = i / (y.h * y.w), row = i / y.w % y.h * stride, column = i % y.w * stride;
    float sum = 0;
    for (int k = 0; k < kernel * kernel; ++k)
      sum += x.v[std::size_t((c * x.h + row + k / kernel) * x.w + column + k % kernel)];
    y.v[std::size_t(i)] = sum / float(kernel * kernel);
  }
  return y;
}

inline Image global_avg_pool(const Image& x) {
  Image y(x.c, 1, 1);
  const std::size_t area = x.v.size() / std::size_t(x.c);
  for (std::size_t i = 0; i < x.v.size(); ++i) y.v[i / area] += x.v[i] / float(area);
  return y;
}

inline Image flatten(Image x) {
  x.c = int(x.v.size());
  x.h = x.w = 1;
  return x;
}

inline Image add(const std::vector<Image>& parts) {
  Image y = parts[0];
  for (std::size_t p = 1; p < parts.size(); ++p)
    for (std::size_t i = 0; i < y.v.size(); ++i) y.v[i] += parts[p].v[i];
  return y;
}

inline Image concat(const std::vector<Image>& parts) {  // one after the other, by
  // channels
  Image y = parts[0];
  for (std::size_t p = 1; p < parts.size(); ++p) {
    y.v.insert(y.v.end(), parts[p].v.begin(), parts[p].v.end());
    y.c += parts[p].c;
  }
  return y;
}

inline Image softmax(Image x) {
  const float top = *std::max_element(x.v.begin(), x.v.end());
  float sum = 0;
  for (float& v : x.v) sum += v = exp(v - top);
  for (float& v : x.v) v /= sum;
  return x;
}

inline Image log_softmax(Image x) {
  const float top = *std::max_element(x.v.begin(), x.v.end());
  float sum = 0;
  for (float v : x.v) sum += exp(v - top);
  for (float& v : x.v) v = v - top - log(sum);
  return x;
}
)HPP";

constexpr std::string_view kTail = R"HPP(
inline int classify(const float* image) {
  const std::vector<float> logits = forward(image);
  if (kClasses == 1) return logits[0] >= 0.5f ? 1 : 0;
  return int(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

inline float check() {
  constexpr int size = kChannels * kHeight * kWidth;
  float worst = 0;
  for (int n = 0; n < 16; ++n) {
    std::vector<float> image(size);
    for (int i = 0; i < size; ++i)
      image[std::size_t(i)] = float(kGoldenImages[n * size + i]) * (1.0f / 255.0f);
    const std::vector<float> logits = forward(image.data());
    for (int k = 0; k < kClasses; ++k) {
      const float difference = std::fabs(logits[std::size_t(k)] - kGoldenLogits[n * kClasses + k]);
      if (std::isnan(difference)) return difference;
      worst = std::max(worst, difference);
    }
  }
  return worst;
}

}  // namespace trained_network

#endif
)HPP";

template <class T, class Write>
void append_array(std::string& code, const std::string& head, std::span<const T> values,
                  Write write) {
  code += head + "[] = {";
  for (std::size_t i = 0; i < values.size(); ++i) {
    code += i % 12 == 0 ? "\n    " : " ";
    code += write(values[i]);
    code += ',';
  }
  code += "\n};\n";
}

std::string real(f32 value) { return text(value) + "f"; }

std::string array_name(const std::string& tensor) {
  std::string name = "w_" + tensor;
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
}

// One overload for each kind of layer: the expression of its output.
struct Express {
  const Step& step;
  std::vector<std::string> inputs;
  std::string x = inputs[0];

  std::string part(const char* name) const { return array_name(step.name() + "." + name); }
  std::string bias(bool there) const { return there ? part("bias") : "nullptr"; }

  std::string operator()(const spec::Linear& l) const {
    return "linear(" + x + ", " + part("weight") + ", " + bias(l.bias) + ", " + text(l.out) + ")";
  }
  std::string operator()(const spec::Conv2d& l) const {
    return "conv2d(" + x + ", " + part("weight") + ", " + bias(l.bias) + ", " + text(l.out) + ", " +
           text(l.kernel) + ", " + text(l.stride) + ", " + text(l.padding) + ", " + text(l.groups) +
           ")";
  }
  std::string operator()(const spec::MaxPool2d& l) const {
    return "max_pool2d(" + x + ", " + text(l.kernel) + ", " + text(l.stride) + ", " +
           text(l.padding) + ")";
  }
  std::string operator()(const spec::BatchNorm2d& l) const {
    return "batch_norm(" + x + ", " + part("weight") + ", " + part("bias") + ", " +
           part("running_mean") + ", " + part("running_var") + ", " + real(l.eps) + ")";
  }
  std::string operator()(const spec::Dropout&) const { return x; }  // only in training
  std::string operator()(const spec::ReLU&) const { return "each(" + x + ", relu)"; }
  std::string operator()(const spec::Sigmoid&) const { return "each(" + x + ", sigmoid)"; }
  std::string operator()(const spec::Tanh&) const { return "each(" + x + ", hyperbolic_tangent)"; }
  std::string operator()(const spec::Flatten&) const { return "flatten(" + x + ")"; }
  std::string operator()(const spec::LogSoftmax&) const { return "log_softmax(" + x + ")"; }
  std::string operator()(const spec::LeakyReLU& l) const {
    return "leaky_relu(" + x + ", " + real(l.negative_slope) + ")";
  }
  std::string operator()(const spec::GELU&) const { return "each(" + x + ", gelu)"; }
  std::string operator()(const spec::SiLU&) const { return "each(" + x + ", silu)"; }
  std::string operator()(const spec::Softmax&) const { return "softmax(" + x + ")"; }
  std::string operator()(const spec::BatchNorm1d& l) const {
    return "batch_norm(" + x + ", " + part("weight") + ", " + part("bias") + ", " +
           part("running_mean") + ", " + part("running_var") + ", " + real(l.eps) + ")";
  }
  std::string operator()(const spec::AvgPool2d& l) const {
    return "avg_pool2d(" + x + ", " + text(l.kernel) + ", " + text(l.stride) + ", " +
           text(l.padding) + ")";
  }
  std::string operator()(const spec::GlobalAvgPool&) const { return "global_avg_pool(" + x + ")"; }
  std::string operator()(const spec::Add&) const { return "add({" + joined(inputs, ", ") + "})"; }
  std::string operator()(const spec::Concat&) const {
    return "concat({" + joined(inputs, ", ") + "})";
  }
};

std::string forward_code(const spec::Network& spec) {
  std::string code =
      "inline std::vector<float> forward(const float* image) {\n"
      "  Image x(kChannels, kHeight, kWidth);\n"
      "  std::copy_n(image, x.v.size(), x.v.begin());\n";
  const std::vector<Step> steps = walk(spec);
  const Variables variables(steps);
  const std::string declare = variables.one() ? "  " : "  const Image ";
  for (const Step& step : steps) {
    const std::string to = variables.of(step.index);
    const std::string y = std::visit(Express{step, variables.inputs(step)}, step.layer->layer);
    if (y == to) continue;
    code += declare + to + " = " + y + ";" + (variables.one() ? "  // " + step.name() : "") + "\n";
  }
  return code + "  return " + variables.of(int(steps.size()) - 1) + ".v;\n}\n";
}

}  // namespace

std::string cpp_code(const nn::Network& network, const ModelCard& card, const Goldens& goldens) {
  const spec::Network& spec = network.spec();
  std::string code = with_shape(kHead, spec.input);
  code += "// The network " + literal(spec.name) +
          ".\ninline constexpr int kChannels = " + text(spec.input.c) +
          ", kHeight = " + text(spec.input.h) + ", kWidth = " + text(spec.input.w) +
          ", kClasses = " + text(network.classes()) + ";\n";
  code += "inline constexpr const char* kLabels[] = {";
  for (const std::string& label : card.labels) code += literal(label) + ", ";
  code += "nullptr};\n";
  code +=
      "// How a drawing or photo becomes an input, as JSON. Images of the data set need only "
      "pixel / 255.\ninline constexpr const char* kPreprocessing = " +
      literal(stated_preprocessing(spec.input, card.preprocessing)) + ";\n\n";
  for (const nn::Tensor& tensor : network.tensors()) {
    append_array(code, "static const float " + array_name(tensor.name),
                 std::span<const f32>(tensor.value), real);
  }
  append_array(code, "static const unsigned char kGoldenImages",
               std::span<const u8>(goldens.pixels), [](u8 v) { return text(int(v)); });
  append_array(code, "static const float kGoldenLogits", std::span<const f32>(goldens.logits),
               real);
  code += "\n" + forward_code(spec);
  if (is_prepared(spec.input)) code += cpp_prepare();
  code += kTail;
  return code;
}

}  // namespace engine::io
