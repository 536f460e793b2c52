#include "engine/train/trainer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>
#include <utility>

#include "engine/core/hash.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/nn/loss.hpp"
#include "engine/train/augment.hpp"
#include "engine/train/average.hpp"
#include "engine/train/fit.hpp"
#include "engine/train/schedule.hpp"

namespace engine::train {
namespace {

constexpr int kSampleGroup = 4;  // images that one task of the pool assembles
constexpr u32 kFiniteCheckSteps =
    32;  // weights are scanned for NaN this often: costs < 1 % of a step

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void copy(std::span<const f32> from, std::span<f32> to) {
  std::copy(from.begin(), from.end(), to.begin());
}

}  // namespace

Trainer::Trainer(nn::Network network, const RunState& start, const data::Images& images, Pool& pool,
                 Team* team)
    : state_(start),
      images_(&images),
      pool_(&pool),
      team_(team),
      network_(std::move(network)),
      optimizer_(start.train, network_.parameters().size()),
      split_(data::split(start.data_count, start.train.fraction, start.train.validation,
                         start.train.seed)),
      extension_(images, start.data_count,
                 {start.train.versions, start.train.drawings, start.train.nothings},
                 start.train.seed, pool.threads()),
      permutation_(start.train.permute, images.area()),
      batcher_(extension_.ids(split_.train), start.train.batch, start.train.seed),
      clip_(network_.parameters().size()),
      slice_(slice_of(start.train)) {
  state_.best_parameters.resize(network_.parameters().size());
  state_.best_buffers.resize(network_.buffers().size());
  network_.plan(pool, int(slice_), nn::Keep::all);
  pool.reserve_scratch(images.area());
  if (start.train.mixup > 0) mixup_ = Mixup(start.train.batch, images.area());
  x_ = Arena(slice_ * images.area());
  dy_ = Arena(std::size_t(start.train.batch) * std::size_t(network_.classes()));
  labels_.resize(slice_);
  if (team_ != nullptr) {
    outputs_ = Arena(std::size_t(slice_) * std::size_t(network_.classes()));
    buffers_before_.resize(network_.buffers().size());
  }
  state_.history.reserve(start.train.epochs);
}

Result<std::unique_ptr<Trainer>> Trainer::create(const spec::Network& network,
                                                 const spec::Train& train,
                                                 const data::Images& images, Pool& pool, u32 count,
                                                 Team* team) {
  Result<nn::Network> built = network_for(network, train, images);
  if (!built.ok()) return built.problem();
  RunState start;
  start.network = network;
  start.train = train;
  start.data_count = count > 0 ? std::min(count, images.count()) : images.count();
  start.data_hash = train::data_hash(images, start.data_count, train);
  std::unique_ptr<Trainer> trainer(
      new Trainer(std::move(built).value(), start, images, pool, team));
  const nn::Network& first = trainer->network_;
  if (train.ema > 0) {
    trainer->state_.average_parameters.assign(first.parameters().begin(), first.parameters().end());
    trainer->state_.average_buffers.assign(first.buffers().begin(), first.buffers().end());
  }
  trainer->keep_best();
  return trainer;
}

Result<std::unique_ptr<Trainer>> Trainer::restore(RunState state, const data::Images& images,
                                                  Pool& pool, Team* team) {
  Result<nn::Network> built = network_of(state, images);
  if (!built.ok()) return built.problem();
  const std::vector<f32> parameters = std::exchange(state.parameters, {}),
                         buffers = std::exchange(state.buffers, {}),
                         moments = std::exchange(state.moments, {});
  std::unique_ptr<Trainer> trainer(
      new Trainer(std::move(built).value(), state, images, pool, team));
  if (!position_possible(state, trainer->steps_per_epoch())) {
    return Problem{
        Code::bad_file,
        "The checkpoint names a step that its run does not have. It is damaged: use another."};
  }
  if (Status restored = trainer->optimizer_.restore(state.optimizer_steps, moments);
      !restored.ok()) {
    return restored.problem();
  }
  copy(parameters, trainer->network_.parameters());
  copy(buffers, trainer->network_.buffers());
  return trainer;
}

RunState Trainer::state() const {
  RunState state = state_;
  state.optimizer_steps = optimizer_.steps();
  const auto values = [](std::span<const f32> from) {
    return std::vector<f32>(from.begin(), from.end());
  };
  state.parameters = values(network_.parameters());
  state.buffers = values(network_.buffers());
  state.moments = values(optimizer_.moments());
  return state;
}

Trainer::Did Trainer::step() {
  if (state_.phase == Phase::finished) return Did::nothing;
  const bool training = state_.phase == Phase::training;
  const double start = now();
  const Did did = training ? train_step() : validate_slice();
  const double seconds = now() - start;
  state_.seconds += seconds;
  (training ? training_rate_ : validation_rate_).add(samples_in_step_, seconds);
  return did;
}

// A batch with fewer samples than there are ranks is computed whole by each of them.
Share Trainer::share_of(std::size_t n) const {
  const bool dealt = team_ != nullptr && int(n) >= team_->size();
  return {dealt ? team_ : nullptr, int(n)};
}

// Rows `rows` of x := the images of `ids`, varied if asked; labels_ := those of all.
void Trainer::assemble_batch(std::span<const u32> ids, Part rows, bool augment) {
  const spec::Augment& how = state_.train.augment;
  const std::size_t area = images_->area();
  for (std::size_t i = 0; i < ids.size(); ++i) labels_[i] = extension_.label(ids[i]);
  const auto fill = [&](int group, int worker) {
    const int first = rows.begin + group * kSampleGroup,
              end = std::min(rows.end, first + kSampleGroup);
    for (int i = first; i < end; ++i) extension_.fetch(ids[std::size_t(i)]);
    for (int i = first; i < end; ++i) {
      const std::span<f32> y = x_.span().subspan(std::size_t(i) * area, area);
      const std::span<f32> plain = augment ? std::span<f32>(pool_->scratch(worker), area) : y;
      extension_.assemble(ids[std::size_t(i)], state_.epoch, worker, plain);
      if (augment) {
        augment_image(how, state_.train.seed, state_.epoch, ids[std::size_t(i)], images_->h,
                      images_->w, plain, y);
      }
      permutation_.apply(y, {pool_->scratch(worker), area});
    }
  };
  pool_->run((rows.count() + kSampleGroup - 1) / kSampleGroup, fill);
}

// The images of a training batch, of which this process needs `rows`; mixed pairs may be of two
// ranks' rows.
const f32* Trainer::training_images(std::span<const u32> ids, Part rows) {
  const spec::Train& train = state_.train;
  const bool mixes = train.mixup > 0;
  assemble_batch(ids, mixes ? Part{0, int(ids.size())} : rows, train.augment.any());
  if (!mixes) return x_.data();
  mixup_.mix(*pool_, train.mixup, train.seed, state_.epoch, ids, x_.data(),
             std::span(labels_).first(ids.size()));
  return mixup_.images();
}

// What the batch assembled last, of n images, should answer.
nn::Targets Trainer::targets(std::size_t n) const {
  const std::span<const u8> labels = std::span(labels_).first(n);
  nn::Targets targets{.labels = labels};
  if (state_.train.mixup > 0) targets = mixup_.targets(labels);
  targets.smoothing = state_.train.label_smoothing;
  return targets;
}

// The outputs for a whole batch, of which this process computes its rows; those of the other ranks
// are gathered.
BatchIn Trainer::outputs_of(nn::Pass pass, std::span<const u32> ids, const f32* images) {
  const Part rows = pass.share.rows();
  const f32* x = images + std::size_t(rows.begin) * images_->area();
  const BatchIn y = network_.forward(pass, {x, rows.count(), state_.network.input});
  if (pass.share.team == nullptr) return y;
  const std::size_t k = y.shape.size();
  std::copy_n(y.data, y.size(), outputs_.data() + std::size_t(rows.begin) * k);
  pass.share.gather_rows(outputs_.data(), k);
  return {outputs_.data(), int(ids.size()), y.shape};
}

// The weights after a step with the network's gradients, and their averages.
void Trainer::update(f32 rate) {
  const spec::Train& train = state_.train;
  if (train.clip_norm > 0) clip_.clip(*pool_, network_.gradients(), train.clip_norm);
  optimizer_.step(*pool_, network_.parameters(), network_.gradients(), rate);
  if (train.ema == 0) return;
  const f32 decay = average_decay(train.ema, optimizer_.steps());
  update_average(*pool_, decay, network_.parameters(), state_.average_parameters);
  update_average(*pool_, decay, network_.buffers(), state_.average_buffers);
}

Trainer::Did Trainer::train_step() {
  const std::span<const u32> ids = batcher_.step(state_.epoch, state_.step);
  const int n = int(ids.size());
  samples_in_step_ = n;
  copy(network_.buffers().first(buffers_before_.size()), buffers_before_);
  nn::Pass pass;
  pass.pool = pool_;
  pass.training = true;
  pass.seed = state_.train.seed;
  pass.epoch = state_.epoch;
  pass.share = share_of(ids.size());
  const Part rows = pass.share.rows();
  pass.samples = ids.subspan(std::size_t(rows.begin), std::size_t(rows.count()));
  const BatchIn y = outputs_of(pass, ids, training_images(ids, rows));
  if (team_lost()) return give_up_step();
  const BatchOut dy{dy_.data(), n, y.shape};
  const nn::LossValue loss = nn::loss(state_.train.loss, y, targets(ids.size()), dy);
  const f32 rate = learning_rate(state_.train, optimizer_.steps(), steps(), steps_per_epoch());
  if (!kernels::all_finite(&loss.mean, 1))
    return team_is_here() ? diverge(Source::loss, steps_done() + 1, rate) : give_up_step();
  network_.backward(pass, {dy.sample(rows.begin), rows.count(), dy.shape});
  if (!team_is_here()) return give_up_step();
  update(rate);
  state_.epoch_mean.add(loss.mean, loss.correct, n);
  shown_mean_.add(loss.mean, loss.correct, n);
  const bool last = ++state_.step == steps_per_epoch();
  if ((last || steps_done() % kFiniteCheckSteps == 0) && !weights_finite())
    return diverge(Source::weights, steps_done(), rate);
  if (last) state_.phase = Phase::validating;
  return Did::trained;
}

// Whether every rank has come to the end of its step. One that gave up before may have changed what
// others were still reading of it, so until then nothing that was gathered counts.
bool Trainer::team_is_here() {
  if (team_ == nullptr) return true;
  std::array<std::byte, kShards> here{};
  std::array<std::size_t, kShards + 1> begin{};
  std::iota(begin.begin(), begin.end(), std::size_t(0));
  team_->gather(here.data(), std::span(begin).first(std::size_t(team_->size()) + 1));
  return !team_->lost();
}

// What the lost rank's absence has spoilt is undone: nothing else is changed before the update.
Trainer::Did Trainer::give_up_step() {
  copy(buffers_before_, network_.buffers());
  return Did::nothing;
}

Trainer::Did Trainer::validate_slice() {
  const auto all = std::span<const u32>(split_.validation);
  const std::span<const u32> ids =
      all.subspan(validated_, std::min<std::size_t>(slice_, all.size() - validated_));
  nn::Pass pass;
  pass.pool = pool_;
  pass.share = share_of(ids.size());
  const int n = int(ids.size());
  samples_in_step_ = n;
  assemble_batch(ids, pass.share.rows(), false);
  swap_average();
  const BatchIn y = outputs_of(pass, ids, x_.data());
  swap_average();
  if (!team_is_here()) return Did::nothing;
  const nn::LossValue loss =
      nn::loss(state_.train.loss, y, std::span(labels_).first(ids.size()), {nullptr, n, y.shape});
  validation_mean_.add(loss.mean, loss.correct, n);
  validated_ += u32(n);
  return validated_ < all.size() ? Did::validated : finish_epoch();
}

f32 Trainer::last_rate() const {
  return learning_rate(state_.train, std::max(1u, steps_done()) - 1, steps(), steps_per_epoch());
}

Trainer::Did Trainer::finish_epoch() {
  const f32 validation_loss = validation_mean_.loss();
  if (!kernels::all_finite(&validation_loss, 1))
    return diverge(Source::validation, steps_done(), last_rate());
  swap_average();
  const u32 correct = u32(validation_mean_.correct);
  const bool better = !state_.has_best || correct > state_.best_correct;
  if (better) {
    state_.has_best = true;
    state_.best_epoch = state_.epoch;
    state_.best_correct = correct;
    keep_best();
  }
  EpochRecord record;
  record.epoch = state_.epoch;
  record.step = steps_done();
  record.train_loss = state_.epoch_mean.loss();
  record.train_accuracy = state_.epoch_mean.accuracy();
  record.validation_loss = validation_loss;
  record.validation_accuracy = validation_mean_.accuracy();
  record.learning_rate = last_rate();
  record.best_epoch = state_.best_epoch;
  record.weight_hash = network_.weight_hash();
  swap_average();
  state_.history.push_back(record);
  validated_ = 0;
  validation_mean_ = {};
  state_.epoch_mean = {};
  state_.step = 0;
  ++state_.epoch;
  state_.phase = Phase::training;
  if (state_.stopping) return finish(Ending::stopped);
  if (state_.epoch == state_.train.epochs) return finish(Ending::completed);
  const u32 waited = state_.epoch - 1 - state_.best_epoch;
  if (state_.train.patience > 0 && waited >= state_.train.patience) return finish(Ending::early);
  return Did::finished_epoch;
}

void Trainer::stop() {
  if (state_.phase == Phase::finished) return;
  if (state_.has_best) {
    finish(Ending::stopped);
    return;
  }
  if (!weights_finite()) {
    diverge(Source::weights, steps_done(), last_rate());
    return;
  }
  state_.stopping = true;
  state_.phase = Phase::validating;
}

Trainer::Did Trainer::diverge(Source source, u32 step, f32 rate) {
  state_.diverged_by = source;
  state_.bad_step = step;
  state_.bad_rate = rate;
  return finish(Ending::diverged);
}

// best_* hold the starting weights until an epoch has been validated.
Trainer::Did Trainer::finish(Ending ending) {
  copy(state_.best_parameters, network_.parameters());
  copy(state_.best_buffers, network_.buffers());
  state_.ending = ending;
  state_.phase = Phase::finished;
  return Did::finished_run;
}

// Puts the averaged weights, which validation is about, in the place of those that learn, or back.
void Trainer::swap_average() {
  if (state_.train.ema == 0) return;
  std::swap_ranges(state_.average_parameters.begin(), state_.average_parameters.end(),
                   network_.parameters().begin());
  std::swap_ranges(state_.average_buffers.begin(), state_.average_buffers.end(),
                   network_.buffers().begin());
}

void Trainer::keep_best() {
  copy(network_.parameters(), state_.best_parameters);
  copy(network_.buffers(), state_.best_buffers);
}

bool Trainer::weights_finite() const {
  return kernels::all_finite(network_.parameters().data(), network_.parameters().size()) &&
         kernels::all_finite(network_.buffers().data(), network_.buffers().size());
}

std::string Trainer::sentence() const { return ending_sentence(state_, best_accuracy()); }

Mean Trainer::take_mean() { return std::exchange(shown_mean_, Mean{}); }

f32 Trainer::best_accuracy() const {
  return state_.has_best ? f32(double(state_.best_correct) / double(split_.validation.size()))
                         : 0.0f;
}

f32 Trainer::eta_seconds() const {
  if (state_.phase == Phase::finished || training_rate_.per_second() <= 0) return 0;
  const double epochs_left = double(state_.train.epochs) - double(state_.epoch);
  const double share = double(state_.step) / double(steps_per_epoch());
  const double training =
      (epochs_left - share) * double(batcher_.samples()) / training_rate_.per_second();
  const double validation = epochs_left * double(split_.validation.size()) - double(validated_);
  // Before the first validation: a forward pass is about a third of a training step.
  const double known = validation_rate_.per_second();
  const double rate = known > 0 ? known : 3 * training_rate_.per_second();
  return f32(training + validation / rate);
}

}  // namespace engine::train
