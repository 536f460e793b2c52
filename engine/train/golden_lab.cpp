#include "engine/train/golden_lab.hpp"

#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/data/batcher.hpp"
#include "engine/nn/loss.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/train/augment.hpp"
#include "engine/train/optimizer.hpp"
#include "engine/train/schedule.hpp"
#include "engine/train/trainer.hpp"

namespace engine::train {
namespace {

using Floats = std::vector<f32>;

// 11 of 110 images validate; 99 in batches of 2 are 50 steps, the last of them a batch of 1.
constexpr u32 kImages = 110, kBatch = 2, kEpochs = 4, kSteps = 200, kEvery = 20;

class LabRun {
 public:
  LabRun(int threads, const GoldenTap& tap)
      : images_(golden_lab_images()), pool_(threads), tap_(tap) {
    auto made = Trainer::create(golden_lab_network(), golden_lab_config(), images_, pool_);
    ENSURE(made.ok(), "the golden run is a valid one");
    trainer_ = std::move(made).value();
    ENSURE(trainer_->steps() == kSteps, "the golden run has 200 steps");
  }
  std::vector<GoldenLine> run() &&;

 private:
  // The batch that the trainer's next step takes.
  struct Batch {
    std::vector<u32> ids;
    std::vector<u8> labels;
    Floats x;
  };
  void add(std::string name, std::span<const f32> values) {
    add(std::move(name), values, hash_floats(values));
  }
  // With a hash that is not of the values alone.
  void add(std::string name, std::span<const f32> values, u64 hash) {
    if (tap_) tap_(name, values);
    lines_.push_back({std::move(name), hash});
  }
  Batch next_batch(const RunState& state);
  u64 step_in_the_open(const std::string& prefix);
  void add_passes(const std::string& prefix, nn::Network& network, const nn::Pass& pass,
                  const Batch& batch);
  void add_history();

  data::Images images_;
  Pool pool_;
  const GoldenTap& tap_;
  std::unique_ptr<Trainer> trainer_;
  std::vector<GoldenLine> lines_;
};

LabRun::Batch LabRun::next_batch(const RunState& state) {
  data::Batcher batcher(trainer_->split().train, state.train.batch, state.train.seed);
  const std::span<const u32> ids = batcher.step(state.epoch, state.step);
  Batch batch{{ids.begin(), ids.end()}, std::vector<u8>(ids.size()), {}};
  const std::size_t area = images_.area();
  Floats plain(ids.size() * area);
  batch.x.resize(plain.size());
  data::assemble(images_, ids, plain, batch.labels);
  for (std::size_t n = 0; n < ids.size(); ++n) {
    augment_image(state.train.augment, state.train.seed, state.epoch, ids[n], images_.h, images_.w,
                  std::span(plain).subspan(n * area, area),
                  std::span(batch.x).subspan(n * area, area));
  }
  return batch;
}

// Leaves the batch's gradients in the network.
void LabRun::add_passes(const std::string& prefix, nn::Network& network, const nn::Pass& pass,
                        const Batch& batch) {
  const int n = int(batch.ids.size());
  const std::vector<spec::NamedLayer>& layers = network.spec().layers;
  add(prefix + "images", batch.x);
  const BatchIn y = network.forward(pass, {batch.x.data(), n, network.spec().input});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const BatchIn out = network.activation(int(i));
    add(prefix + layers[i].name + ".y", {out.data, out.size()});
  }
  Floats dy(y.size());
  const nn::LossValue loss =
      nn::loss(trainer_->config().loss, y, batch.labels, {dy.data(), n, y.shape});
  add(prefix + "loss", {&loss.mean, 1});
  add(prefix + "dy", dy);
  // The layers are a chain: what the layer before gets at its output is this one's dx.
  for (std::size_t i = layers.size(); i-- > 0;) {
    const Shape shape = network.facts().layers[i].in;
    Floats dx(std::size_t(n) * shape.size());
    network.backward_to(pass, {dy.data(), n, y.shape}, int(i) - 1, {dx.data(), n, shape});
    add(prefix + layers[i].name + ".dx", dx);
  }
  network.backward(pass, {dy.data(), n, y.shape});
  for (const nn::Tensor& tensor : network.tensors()) add(prefix + "d_" + tensor.name, tensor.grad);
}

// On copies; the hash of the weights that the trainer's step must give too.
u64 LabRun::step_in_the_open(const std::string& prefix) {
  const RunState state = trainer_->state();
  Result<nn::Network> made = nn::Network::create(state.network, state.train.seed);
  ENSURE(made.ok(), "the trainer has built it already");
  nn::Network& network = *made;
  network.plan(pool_, int(state.train.batch), nn::Keep::all);
  network.copy_weights(trainer_->network());
  const Batch batch = next_batch(state);
  const nn::Pass pass{.pool = &pool_,
                      .training = true,
                      .seed = state.train.seed,
                      .epoch = state.epoch,
                      .samples = batch.ids};
  add_passes(prefix, network, pass, batch);
  Optimizer optimizer(state.train, network.parameters().size());
  const Status restored = optimizer.restore(state.optimizer_steps, state.moments);
  ENSURE(restored.ok(), "the optimizer takes its own state");
  optimizer.step(pool_, network.parameters(), network.gradients(),
                 learning_rate(state.train, state.optimizer_steps, trainer_->steps(),
                               trainer_->steps_per_epoch()));
  add(prefix + "moments", optimizer.moments());
  for (const nn::Tensor& tensor : network.tensors()) add(prefix + tensor.name, tensor.value);
  return network.weight_hash();
}

void LabRun::add_history() {
  Floats values;
  for (const EpochRecord& r : trainer_->history()) {
    values.insert(values.end(), {r.train_loss, r.train_accuracy, r.validation_loss,
                                 r.validation_accuracy, r.learning_rate, f32(r.best_epoch)});
  }
  add("lab.history", values);
}

std::vector<GoldenLine> LabRun::run() && {
  while (trainer_->phase() != Phase::finished) {
    if (trainer_->phase() == Phase::validating) {
      trainer_->step();
      continue;
    }
    const u32 step = trainer_->steps_done() + 1;
    const bool open = step == 1 || step == kSteps;
    const u64 hash = open ? step_in_the_open("lab.step_" + std::to_string(step) + ".") : 0;
    trainer_->step();
    ENSURE(!open || hash == trainer_->network().weight_hash(),
           "the step in the open is the trainer's");
    if (step % kEvery == 0)
      add("lab.weights_" + std::to_string(step), trainer_->network().parameters());
  }
  add_history();
  const nn::Network& network = trainer_->network();
  add("lab.final", network.parameters(), network.weight_hash());
  return std::move(lines_);
}

}  // namespace

std::vector<GoldenLine> golden_lab_run(int threads, const GoldenTap& tap) {
  return LabRun(threads, tap).run();
}

spec::Network golden_lab_network() { return *spec::find_in_zoo("lab_cnn"); }

spec::Train golden_lab_config() {
  spec::Train train;
  train.fraction = 1;
  train.validation = 0.1f;
  train.epochs = kEpochs;
  train.batch = kBatch;
  train.weight_decay = 1e-4f;
  train.schedule = spec::ScheduleKind::one_cycle;
  train.augment = {.shift = 2,
                   .rotate = 10,
                   .scale = 0.1f,
                   .flip = 0.5f,
                   .brightness = 0.2f,
                   .contrast = 0.2f,
                   .noise = 0.05f,
                   .erase = 0.3f};
  train.seed = 20;
  return train;
}

data::Images golden_lab_images() {
  const Shape shape = golden_lab_network().input;
  data::Images images{.h = shape.h, .w = shape.w, .pixels = {}, .labels = {}};
  images.pixels.resize(kImages * images.area());
  for (u32 i = 0; i < kImages; ++i) {
    const auto pixels = std::span(images.pixels).subspan(i * images.area(), images.area());
    images.labels.push_back(draw_golden_image(i, shape, pixels));
  }
  return images;
}

}  // namespace engine::train
