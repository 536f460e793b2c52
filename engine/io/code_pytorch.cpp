#include <algorithm>
#include <array>

#include "engine/io/code.hpp"
#include "engine/io/code_prepare.hpp"
#include "engine/io/code_text.hpp"
#include "engine/io/walk.hpp"

namespace engine::io {
namespace {

// What torch.nn.Module answers to already: a layer of that name could not be called.
constexpr std::array<std::string_view, 50> kTaken{"add_module",
                                                  "apply",
                                                  "bfloat16",
                                                  "buffers",
                                                  "call_super_init",
                                                  "children",
                                                  "compile",
                                                  "cpu",
                                                  "cuda",
                                                  "double",
                                                  "dump_patches",
                                                  "eval",
                                                  "extra_repr",
                                                  "float",
                                                  "get_buffer",
                                                  "get_extra_state",
                                                  "get_parameter",
                                                  "get_submodule",
                                                  "half",
                                                  "ipu",
                                                  "load_state_dict",
                                                  "modules",
                                                  "mtia",
                                                  "named_buffers",
                                                  "named_children",
                                                  "named_modules",
                                                  "named_parameters",
                                                  "parameters",
                                                  "register_backward_hook",
                                                  "register_buffer",
                                                  "register_forward_hook",
                                                  "register_forward_pre_hook",
                                                  "register_full_backward_hook",
                                                  "register_full_backward_pre_hook",
                                                  "register_module",
                                                  "register_parameter",
                                                  "register_state_dict_post_hook",
                                                  "register_state_dict_pre_hook",
                                                  "requires_grad_",
                                                  "set_extra_state",
                                                  "set_submodule",
                                                  "share_memory",
                                                  "state_dict",
                                                  "T_destination",
                                                  "to",
                                                  "to_empty",
                                                  "train",
                                                  "type",
                                                  "xpu",
                                                  "zero_grad"};

std::string flag(bool on, const char* name) {
  return on ? "" : std::string(", ") + name + "=False";
}

// One overload for each kind of layer: how PyTorch makes it.
struct Make {
  const Step& step;

  std::string operator()(const spec::Linear& l) const {
    return "nn.Linear(" + text(step.in.size()) + ", " + text(l.out) + flag(l.bias, "bias") + ")";
  }
  std::string operator()(const spec::Conv2d& l) const {
    return "nn.Conv2d(" + text(step.in.c) + ", " + text(l.out) + ", kernel_size=" + text(l.kernel) +
           ", stride=" + text(l.stride) + ", padding=" + text(l.padding) +
           (l.groups == 1 ? "" : ", groups=" + text(l.groups)) + flag(l.bias, "bias") + ")";
  }
  std::string operator()(const spec::MaxPool2d& l) const {
    return "nn.MaxPool2d(kernel_size=" + text(l.kernel) + ", stride=" + text(l.stride) +
           ", padding=" + text(l.padding) + ")";
  }
  std::string operator()(const spec::BatchNorm2d& l) const {
    return "nn.BatchNorm2d(" + text(step.in.c) + ", eps=" + text(l.eps) +
           ", momentum=" + text(l.momentum) + ")";
  }
  std::string operator()(const spec::Dropout& l) const { return "nn.Dropout(p=" + text(l.p) + ")"; }
  std::string operator()(const spec::ReLU&) const { return "nn.ReLU()"; }
  std::string operator()(const spec::Sigmoid&) const { return "nn.Sigmoid()"; }
  std::string operator()(const spec::Tanh&) const { return "nn.Tanh()"; }
  std::string operator()(const spec::Flatten&) const { return "nn.Flatten()"; }
  std::string operator()(const spec::LogSoftmax&) const { return "nn.LogSoftmax(dim=1)"; }
  std::string operator()(const spec::LeakyReLU& l) const {
    return "nn.LeakyReLU(negative_slope=" + text(l.negative_slope) + ")";
  }
  std::string operator()(const spec::GELU&) const { return "nn.GELU()"; }
  std::string operator()(const spec::SiLU&) const { return "nn.SiLU()"; }
  std::string operator()(const spec::Softmax&) const { return "nn.Softmax(dim=1)"; }
  std::string operator()(const spec::BatchNorm1d& l) const {
    return "nn.BatchNorm1d(" + text(step.in.c) + ", eps=" + text(l.eps) +
           ", momentum=" + text(l.momentum) + ")";
  }
  std::string operator()(const spec::AvgPool2d& l) const {
    return "nn.AvgPool2d(kernel_size=" + text(l.kernel) + ", stride=" + text(l.stride) +
           ", padding=" + text(l.padding) + ")";
  }
  std::string operator()(const spec::GlobalAvgPool&) const { return "nn.AdaptiveAvgPool2d(1)"; }
  std::string operator()(const spec::Add&) const { return {}; }  // no modules: see forward_of
  std::string operator()(const spec::Concat&) const { return {}; }
};

std::string forward_of(const Step& step, const std::vector<std::string>& inputs) {
  if (std::holds_alternative<spec::Add>(step.layer->layer)) return joined(inputs, " + ");
  if (std::holds_alternative<spec::Concat>(step.layer->layer))
    return "torch.cat([" + joined(inputs, ", ") + "], dim=1)";
  return "self." + step.name() + "(" + inputs[0] + ")";
}

constexpr std::string_view kTail = R"PY(

def classify(model, x):
    """x: (B, @C, @H, @W), pixels from 0 (black) to 1. Returns the labels, (B,)."""
    model.eval()
    with torch.no_grad():
        y = model(x)
    return (y[:, 0] >= 0.5).long() if y.shape[1] == 1 else y.argmax(dim=1)


def get_model_class(_):
    return [MyNet]


def load(path="model.pt"):
    model = MyNet()
    model.load_state_dict(torch.load(path, weights_only=True), strict=True)
    return model.eval()
)PY";

}  // namespace

Result<std::string> pytorch_code(const spec::Network& spec, const ModelCard& card) {
  std::string code = "\"\"\"The network " + literal(spec.name) +
                     " in PyTorch; its weights are in model.pt. Written by Atelier.\"\"\"\n" +
                     (is_prepared(spec.input) ? "import numpy as np\n" : "") +
                     "import torch\nfrom torch import nn\n\n" + python_facts(card, spec.input) +
                     "\n\nclass MyNet(nn.Module):\n    def __init__(self):\n"
                     "        super().__init__()\n";
  std::string forward = "\n    def forward(self, x):\n";
  const std::vector<Step> steps = walk(spec);
  const Variables variables(steps);
  for (const Step& step : steps) {
    if (std::ranges::find(kTaken, step.name()) != kTaken.end()) {
      return Problem{Code::bad_spec, "The layer " + step.name() +
                                         " has a name that PyTorch's modules use for something "
                                         "else. Rename it, then export again."};
    }
    const std::string made = std::visit(Make{step}, step.layer->layer);
    if (!made.empty()) code += "        self." + step.name() + " = " + made + "\n";
    forward += "        " + variables.of(step.index) + " = " +
               forward_of(step, variables.inputs(step)) + "\n";
  }
  return code + forward + "        return " + variables.of(int(steps.size()) - 1) + "\n" +
         with_shape(kTail, spec.input) +
         (is_prepared(spec.input) ? std::string(python_prepare()) : std::string());
}

}  // namespace engine::io
