#include "engine/spec/catalogue.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/check.hpp"
#include "engine/spec/fields.hpp"

namespace engine::spec {
namespace {

constexpr f32 kMaxWidth = 16'384;  // channels or features that a layer may make
constexpr f32 kMaxArriving =
    1 << 20;  // features after Flatten: all activations of one sample that infer() allows

constexpr std::string_view kWhatever = "0 takes whatever arrives; any other number must fit.";
constexpr Field kBias{"bias",
                      "Bias",
                      0,
                      1,
                      1,
                      true,
                      "Whether each output has a number of its own that is added at the end."};

constexpr std::array kLinearFields{
    Field{"in", "Inputs", 0, kMaxArriving, 1, true, kWhatever},
    Field{"out", "Outputs", 1, kMaxWidth, 1, true,
          "How many sums the layer forms. The last layer needs one for each class."},
    kBias,
};
constexpr std::array kConvFields{
    Field{"in", "Channels in", 0, kMaxWidth, 1, true, kWhatever},
    Field{"out", "Channels out", 1, kMaxWidth, 1, true,
          "How many kernels are learned; each makes one map."},
    Field{"kernel", "Kernel", 1, 15, 1, true,
          "Side of the square window, in pixels. 3 is the usual choice."},
    Field{"stride", "Stride", 1, 15, 1, true,
          "How far the window moves each time. 2 halves height and width."},
    Field{"padding", "Padding", 0, 7, 1, true,
          "Rings of zeros around the image. With stride 1 and an odd kernel, (kernel - 1) / 2 "
          "keeps its size."},
    Field{"groups", "Groups", 1, kMaxWidth, 1, true,
          "Into how many parts the channels are split; each output sees its own part only. As many "
          "as channels in: depthwise, one kernel for each channel."},
    kBias,
};
constexpr std::array kPoolFields{
    Field{"kernel", "Window", 1, 15, 1, true, "Side of the square window, in pixels."},
    Field{"stride", "Stride", 1, 15, 1, true,
          "How far the window moves each time; usually its own side."},
    Field{"padding", "Padding", 0, 7, 1, true,
          "Empty rings around the image, at most half the window."},
};
constexpr Field kMomentum{"momentum",
                          "Momentum",
                          0,
                          1,
                          0.01f,
                          false,
                          "How fast the running mean and variance follow the batches."};
constexpr Field kEpsilon{"eps",
                         "Epsilon",
                         1e-8f,
                         0.1f,
                         1e-5f,
                         false,
                         "Added to the variance, so that nothing is divided by zero."};
constexpr std::array kNormFields{
    Field{"channels", "Channels", 0, kMaxWidth, 1, true, kWhatever},
    kMomentum,
    kEpsilon,
};
constexpr std::array kListNormFields{
    Field{"channels", "Values", 0, kMaxArriving, 1, true, kWhatever},
    kMomentum,
    kEpsilon,
};
constexpr std::array kLeakyFields{
    Field{"negative_slope", "Slope", 0, 1, 0.01f, false,
          "What negative values are multiplied by. 0 makes it ReLU."},
};
constexpr std::array kDropoutFields{
    Field{"p", "Probability", 0, 0.99f, 0.05f, false,
          "Share of the values that are set to zero while training."},
};

constexpr std::array kKinds{
    Kind{"Linear", "Fully connected", "fc", "y = x W^T + b",
         "Every output is a weighted sum of all inputs. It sees no neighbourhood: shuffle the "
         "pixels and it learns just as "
         "well. An image must be flattened first.",
         kLinearFields, Linear{}},
    Kind{"Conv2d", "Convolution", "conv",
         "y[o,i,j] = b[o] + sum over c,u,v of W[o,c,u,v] x[c, i S + u - P, j S + v - P]",
         "A small window slides over the image, and the same few weights are used at every place. "
         "So it finds a pattern "
         "wherever it stands, with far fewer weights than a fully connected layer.",
         kConvFields, Conv2d{}},
    Kind{"MaxPool2d", "Max pooling", "pool",
         "y[c,i,j] = max over u,v of x[c, i S + u - P, j S + v - P]",
         "Keeps the largest value of each window and forgets the rest. The maps get smaller, later "
         "layers see more of the "
         "image, and small shifts matter less. It has no weights.",
         kPoolFields, MaxPool2d{}},
    Kind{"BatchNorm2d", "Batch normalisation", "norm",
         "y = (x - mean) / sqrt(variance + eps) * weight + bias, for each channel",
         "Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it "
         "by learned numbers. Deep "
         "networks train faster with it. After training, running averages take the batch's place.",
         kNormFields, BatchNorm2d{}},
    Kind{"Dropout", "Dropout", "dropout",
         "y = x m / (1 - p), m = 0 with probability p, else 1; y = x after training",
         "While training, sets random values to zero, so that the network cannot lean on any "
         "single one and learns by heart "
         "less easily. When predicting it does nothing.",
         kDropoutFields, Dropout{}},
    Kind{"ReLU",
         "ReLU",
         "relu",
         "y = max(x, 0)",
         "Keeps what is positive and cuts the rest to zero. Without such a bend between them, two "
         "layers would be no more "
         "than one.",
         {},
         ReLU{}},
    Kind{"Sigmoid",
         "Sigmoid",
         "sigmoid",
         "y = 1 / (1 + exp(-x))",
         "Squeezes every value between 0 and 1. Far from zero it is nearly flat, so that deep "
         "networks learn slowly with it; "
         "compare with ReLU.",
         {},
         Sigmoid{}},
    Kind{"Tanh",
         "Tanh",
         "tanh",
         "y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))",
         "Squeezes every value between -1 and 1, with 0 left in place. Flat far from zero, as the "
         "sigmoid is.",
         {},
         Tanh{}},
    Kind{"Flatten",
         "Flatten",
         "flatten",
         "(C, H, W) becomes (C H W)",
         "Lays the maps out as one long list, row by row, so that a fully connected layer can "
         "follow. Nothing is computed.",
         {},
         Flatten{}},
    Kind{"LogSoftmax",
         "Log-softmax",
         "log_softmax",
         "y[k] = x[k] - log(sum over j of exp(x[j]))",
         "Turns the last layer's numbers into logarithms of probabilities: exp(y) adds up to 1. "
         "Train it with the loss NLL.",
         {},
         LogSoftmax{}},
    Kind{"Add",
         "Add",
         "add",
         "y = a + b",
         "Adds the outputs of two or more layers, number by number; they must have one shape. A "
         "path around some layers that is added to what they make (a residual connection) lets "
         "the gradient pass unchanged, so that deep networks still learn.",
         {},
         Add{}},
    Kind{"Concat",
         "Concatenate",
         "concat",
         "y = (a, b), one after the other along the channels",
         "Puts the channels of two or more layers side by side; height and width must be the "
         "same. Later layers can then choose from both.",
         {},
         Concat{}},
    Kind{"LeakyReLU", "Leaky ReLU", "leaky_relu", "y = x where x > 0, else slope x",
         "As ReLU, but negative values shrink instead of vanishing. So a unit that is always "
         "negative still learns, where with ReLU it would be dead for good.",
         kLeakyFields, LeakyReLU{}},
    Kind{"GELU",
         "GELU",
         "gelu",
         "y = x (1 + erf(x / sqrt(2))) / 2",
         "A smooth ReLU: x times the share of a normal distribution that lies below x. Small "
         "negative values pass in part. Transformers use it; it costs more time than ReLU.",
         {},
         GELU{}},
    Kind{"SiLU",
         "SiLU",
         "silu",
         "y = x / (1 + exp(-x))",
         "A smooth ReLU: x times its own sigmoid, also called swish. It dips a little below zero "
         "before it rises. EfficientNet and other recent image networks use it.",
         {},
         SiLU{}},
    Kind{"Softmax",
         "Softmax",
         "softmax",
         "y[k] = exp(x[k]) / sum over j of exp(x[j])",
         "Turns a list of numbers into probabilities that add up to 1. To train a classifier, end "
         "with Log-softmax and the loss NLL instead: its gradients stay exact where a probability "
         "is close to 0.",
         {},
         Softmax{}},
    Kind{"BatchNorm1d", "Batch normalisation of a list", "list_norm",
         "y = (x - mean) / sqrt(variance + eps) * weight + bias, for each value of the list",
         "As batch normalisation, but for the list behind Flatten or a fully connected layer: each "
         "value is brought to mean 0 and variance 1 over the batch, then scaled and shifted by "
         "learned numbers.",
         kListNormFields, BatchNorm1d{}},
    Kind{"AvgPool2d", "Average pooling", "avg_pool",
         "y[c,i,j] = sum over u,v of x[c, i S + u - P, j S + v - P] / K^2",
         "Replaces each window by its mean, zeros of the padding included. Smoother than max "
         "pooling: every pixel counts, none wins. It has no weights.",
         kPoolFields, AvgPool2d{}},
    Kind{"GlobalAvgPool",
         "Global average pooling",
         "global_pool",
         "y[c] = mean over i,j of x[c,i,j]",
         "Replaces each map by its mean, so that one number for each channel is left, whatever the "
         "size of the image. Flatten and a small fully connected layer follow: far fewer weights "
         "than flattening the maps themselves.",
         {},
         GlobalAvgPool{}},
};
static_assert(std::variant_size_v<Layer> == kKinds.size(),
              "one row for each layer, in the order of the variant");

const Field& field_of(const Layer& layer, std::string_view key) {
  for (const Field& field : kind_of(layer).fields) {
    if (field.key == key) return field;
  }
  ENSURE(false, "a layer was asked for a field that its catalogue row does not have");
}

}  // namespace

std::span<const Kind> catalogue() { return kKinds; }

const Kind& kind_of(const Layer& layer) { return kKinds[layer.index()]; }

f32 get_field(const Layer& layer, std::string_view key) {
  field_of(layer, key);
  Layer copy = layer;
  return std::visit([](const auto* at) { return f32(*at); }, *find_field(copy, key));
}

void set_field(Layer& layer, std::string_view key, f32 value) {
  const Field& field = field_of(layer, key);
  if (std::isnan(value)) value = field.low;
  value = std::clamp(field.integer ? std::floor(value + 0.5f) : value, field.low, field.high);
  std::visit(
      [value](auto* at) {
        if constexpr (std::is_same_v<decltype(at), bool*>) {
          *at = value >= 0.5f;
        } else if constexpr (std::is_same_v<decltype(at), int*>) {
          *at = int(value);
        } else {
          *at = value;
        }
      },
      *find_field(layer, key));
}

std::string unused_name(const Network& network, const Layer& layer) {
  const std::string stem(kind_of(layer).stem);
  const auto taken = [&network](const std::string& name) {
    return std::any_of(network.layers.begin(), network.layers.end(),
                       [&name](const NamedLayer& l) { return l.name == name; });
  };
  int number = 1;
  while (taken(stem + std::to_string(number))) ++number;
  return stem + std::to_string(number);
}

}  // namespace engine::spec
