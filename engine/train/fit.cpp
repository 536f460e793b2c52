#include "engine/train/fit.hpp"

#include <algorithm>
#include <cstdio>

#include "engine/core/hash.hpp"
#include "engine/kernels/image.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/nn/loss.hpp"
#include "engine/sketch/garments.hpp"
#include "engine/sketch/studio.hpp"
#include "engine/spec/infer.hpp"

namespace engine::train {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string in_epochs(u32 count) {
  return std::to_string(count) + (count == 1 ? " epoch" : " epochs");
}

// Of all that has as many values as the weights: they, their gradients, two moments, the best and
// the averaged; and of a checkpoint, which is made of a copy.
u64 weight_bytes(u64 weights, const spec::Train& train) {
  constexpr u64 kMoments = 2;
  const u64 kept = 2 + kMoments + (train.ema > 0 ? 1 : 0);
  return weights * (1 + 3 * kept) * sizeof(f32);
}

Problem contradicting() {
  return {Code::bad_file,
          "The checkpoint's parts contradict each other. It is damaged: use another."};
}

Problem too_large(u64 bytes, u64 most, const std::string& remedy) {
  const auto megabytes = [](u64 b) { return std::to_string(b >> 20) + " MB"; };
  return {Code::too_large, "This run would take " + megabytes(bytes) +
                               " of memory; here it may take " + megabytes(most) + ". " + remedy};
}

}  // namespace

u64 data_hash(const data::Images& images, u32 count, const spec::Train& train) {
  const std::size_t bytes = std::size_t(count) * images.area();
  const u64 pixels = hash_bytes(std::as_bytes(std::span(images.pixels).first(bytes)));
  const u64 hash = hash_bytes(std::as_bytes(std::span(images.labels).first(count)), pixels);
  if (!train.draws()) return hash;
  const std::string drawn =
      "drawings " + std::to_string(sketch::kVersion) + " " + kernels::kPreprocessing;
  return hash_bytes(std::as_bytes(std::span(drawn.data(), drawn.size())), hash);
}

Status check_fit(const spec::Network& network, const spec::Train& train,
                 const data::Images& images) {
  if (Status valid = spec::check(train); !valid.ok()) return valid;
  const Result<spec::Facts> facts = spec::infer(network);
  if (!facts.ok()) return facts.problem();
  if (images.count() < 2) {
    return Problem{Code::wrong_state, "There are no training images yet. Load a data set first."};
  }
  if (network.input != Shape{1, images.h, images.w}) {
    const auto shape = [](Shape s) {
      return std::to_string(s.c) + " x " + std::to_string(s.h) + " x " + std::to_string(s.w);
    };
    return Problem{Code::bad_spec, "The network expects inputs of " + shape(network.input) +
                                       ", the images are " + shape({1, images.h, images.w}) +
                                       ". Set the network's input to the images' size."};
  }
  if (Status suits = nn::check_loss(network, int(facts->out.size()), train.loss); !suits.ok())
    return suits;
  if (train.draws() && (images.h != sketch::kSide || images.w != sketch::kSide)) {
    return Problem{Code::bad_config,
                   "Versions and drawings are made for images of 28 x 28 pixels. Set them to 0, or "
                   "load FashionMNIST."};
  }
  if (train.drawings > 0 && facts->out.size() < sketch::kGarmentClasses) {
    return Problem{
        Code::bad_spec,
        "Drawings are of the ten classes of FashionMNIST, the network tells fewer apart. "
        "Give the last layer 10 outputs, or set drawings to 0."};
  }
  const int top = *std::max_element(images.labels.begin(), images.labels.end());
  const int classes = std::max(2, int(facts->out.size()));
  if (top >= classes) {
    return Problem{Code::bad_spec, "The data has labels up to " + std::to_string(top) +
                                       ", the network tells only " + std::to_string(classes) +
                                       " classes apart. Give the last layer " +
                                       std::to_string(top + 1) + " outputs."};
  }
  return Done{};
}

u32 slice_of(const spec::Train& train) { return std::max(train.batch, kSmallestSlice); }

u64 run_bytes(const nn::Network& network, const spec::Train& train) {
  const u64 weights = network.parameters().size() + network.buffers().size();
  const u32 slice = slice_of(train);
  const u64 images =
      u64(slice) * (train.mixup > 0 ? 2 : 1) + kMeasuredSlice;  // of training, and measured
  const u64 floats = images * network.spec().input.size() + 2 * weights;
  return weight_bytes(weights, train) + floats * sizeof(f32) +
         network.bytes_for(int(slice), nn::Keep::all) +
         network.bytes_for(int(kMeasuredSlice), nn::Keep::output);
}

Status check_room(const nn::Network& network, const spec::Train& train, u64 most) {
  const auto bytes_with = [&](u32 batch) {
    spec::Train other = train;
    other.batch = batch;
    return run_bytes(network, other);
  };
  const u64 bytes = bytes_with(train.batch);
  if (bytes <= most) return Done{};
  u32 fits = 0, too_many = train.batch;  // between them lies the answer
  while (fits + 1 < too_many) {
    const u32 middle = fits + (too_many - fits) / 2;
    (bytes_with(middle) <= most ? fits : too_many) = middle;
  }
  return too_large(bytes, most,
                   fits >= kSmallestSlice
                       ? "Set the batch size to " + std::to_string(fits) + " or less."
                       : "Make the network's layers smaller.");
}

Result<nn::Network> network_for(const spec::Network& network, const spec::Train& train,
                                const data::Images& images) {
  if (Status fits = check_fit(network, train, images); !fits.ok()) return fits.problem();
  const Result<spec::Facts> facts = spec::infer(network);
  if (!facts.ok()) return facts.problem();
  if (const u64 bytes = weight_bytes(facts->weights, train); bytes > kMostRunBytes)
    return too_large(bytes, kMostRunBytes, "Make the network's layers smaller.");
  Result<nn::Network> built = nn::Network::create(network, train.seed, train.init);
  if (!built.ok()) return built.problem();
  if (Status room = check_room(*built, train); !room.ok()) return room.problem();
  return built;
}

Status check_images(const RunState& state, const data::Images& images) {
  if (images.count() < state.data_count) {
    return Problem{Code::not_found,
                   "The run was made with " + std::to_string(state.data_count) +
                       " training images, only " + std::to_string(images.count()) +
                       " are loaded. Load the same data set, completely, then resume."};
  }
  if (data_hash(images, state.data_count, state.train) != state.data_hash) {
    const bool draws = state.train.draws();
    return Problem{Code::not_found,
                   "The run was made with other training images (fingerprint " +
                       hex(state.data_hash) + "). Load the same data set, then resume" +
                       (draws ? "; if it is the same, this build draws otherwise than the one that "
                                "made the run: take that one."
                              : ".")};
  }
  return Done{};
}

Status check_state(const RunState& state, const nn::Network& network) {
  const Problem damaged = contradicting();
  if (state.data_count < 2) return damaged;  // one to train on and one for validation
  const std::size_t parameters = network.parameters().size(), buffers = network.buffers().size();
  if (state.parameters.size() != parameters || state.best_parameters.size() != parameters)
    return damaged;
  if (state.buffers.size() != buffers || state.best_buffers.size() != buffers) return damaged;
  const bool averages = state.train.ema > 0;
  if (state.average_parameters.size() != (averages ? parameters : 0)) return damaged;
  if (state.average_buffers.size() != (averages ? buffers : 0)) return damaged;
  if (state.phase > Phase::finished || state.ending > Ending::diverged) return damaged;
  if (state.history.size() > state.train.epochs || state.history.size() != state.epoch)
    return damaged;
  if (state.has_best == state.history.empty()) return damaged;
  if (state.has_best && state.best_epoch >= state.history.size()) return damaged;
  const bool over = state.epoch == state.train.epochs;
  if (over && state.phase != Phase::finished) return damaged;
  if (state.diverged_by > Source::validation) return damaged;
  // A run that goes on finds out by itself when its weights are not finite; what it has kept, or
  // left, is used as it is.
  const auto finite = [](const std::vector<f32>& v) {
    return kernels::all_finite(v.data(), v.size());
  };
  const bool left = state.phase == Phase::finished && state.ending != Ending::diverged;
  const bool best = finite(state.best_parameters) && finite(state.best_buffers);
  if ((!left || (finite(state.parameters) && finite(state.buffers))) && (best || !state.has_best))
    return Done{};
  return Problem{Code::bad_file,
                 "The checkpoint's weights are not all numbers: some are infinite or NaN. Use an "
                 "earlier one."};
}

Result<nn::Network> network_of(const RunState& state, const data::Images& images) {
  if (Status same = check_images(state, images); !same.ok()) return same.problem();
  // Not built only to find out that there are not so many weights.
  const Result<spec::Facts> facts = spec::infer(state.network);
  if (facts.ok() && facts->weights > state.parameters.size()) return contradicting();
  Result<nn::Network> built = network_for(state.network, state.train, images);
  if (!built.ok()) return built.problem();
  if (Status sane = check_state(state, *built); !sane.ok()) return sane.problem();
  return built;
}

bool position_possible(const RunState& state, u32 steps_per_epoch) {
  if (state.phase == Phase::finished) return true;
  if (state.step > steps_per_epoch ||
      (state.phase == Phase::training && state.step == steps_per_epoch))
    return false;
  return state.optimizer_steps == u64(state.epoch) * steps_per_epoch + state.step;
}

std::string ending_sentence(const RunState& state, f32 best_accuracy) {
  const std::string epoch = std::to_string(state.best_epoch + 1);
  const std::string kept =
      state.has_best ? "The weights of epoch " + epoch + " are kept, with " +
                           number(100.0 * double(best_accuracy)) + " % validation accuracy."
                     : "No epoch was complete, so the weights from before the run are back.";
  switch (state.ending) {
    case Ending::completed:
      if (state.epoch == 1) return "The one epoch is done. " + kept;
      return "All " + in_epochs(state.epoch) + " are done. " + kept;
    case Ending::stopped:
      return "Stopped. " + kept;
    case Ending::early:
      return "No better validation accuracy in " + in_epochs(state.train.patience) +
             ", so training ended early. " + kept;
    case Ending::diverged:
      break;
  }
  const char* what = state.diverged_by == Source::weights      ? "The weights"
                     : state.diverged_by == Source::validation ? "The validation loss"
                                                               : "The loss";
  return std::string(what) + " became infinite at step " + std::to_string(state.bad_step) +
         " (learning rate " + number(double(state.bad_rate)) + "). " + kept +
         " Try a learning rate ten times smaller.";
}

}  // namespace engine::train
