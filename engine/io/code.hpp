// Networks as source code, for those who want to read, change or embed them without Atelier. Code
// that classifies 28 x 28 grey inputs has prepare() too, the page's preprocessing of pictures.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/io/goldens.hpp"
#include "engine/io/model_file.hpp"
#include "engine/spec/train.hpp"

namespace engine::io {

// pytorch_cnn.py: class MyNet and classify(model, x), (B, C, H, W) -> (B,) labels, as the lab wants
// them. load_state_dict takes the tensors of model.pt and model.safetensors. Code::bad_spec when a
// layer's name means something else to torch.nn.Module.
Result<std::string> pytorch_code(const spec::Network& spec, const ModelCard& card);

// train_ddp.py: the same network, data, order, first weights, augmentation, optimizer and schedule
// under DistributedDataParallel, to be started with torchrun. It prints one line of JSON an epoch
// and writes the best epoch's weights. In exact arithmetic its losses are those of the engine's
// run; only dropout, noise, mixup and starts other than PyTorch's draw from torch, and batch
// statistics are those of each process's rows. Code::bad_spec as pytorch_code().
Result<std::string> ddp_code(const spec::Network& spec, const spec::Train& train);

// numpy_cnn.py: the same network on NumPy alone, with the weights of model.npz.
std::string numpy_code(const spec::Network& spec, const ModelCard& card);

// network.hpp: one C++17 header with the weights in it; forward(), classify(), and check(), which
// answers the largest difference on the golden images.
std::string cpp_code(const nn::Network& network, const ModelCard& card, const Goldens& goldens);

// check_export.py: prints, for each exported file given, the largest difference from the golden
// logits in it. The same for every network.
std::string_view check_script();

}  // namespace engine::io
