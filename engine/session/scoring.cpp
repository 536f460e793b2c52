#include "engine/session/scoring.hpp"

#include <algorithm>
#include <numeric>

#include "engine/nn/loss.hpp"
#include "engine/nn/predict.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/words.hpp"
#include "engine/train/fit.hpp"

namespace engine::session {
namespace {

// Some 10 ms of the largest network of the lab in the page.
constexpr std::size_t kSlice = train::kMeasuredSlice;

}  // namespace

spec::Loss natural_loss(const spec::Network& network) {
  if (network.layers.empty()) return spec::Loss::mse;
  const spec::Layer& last = network.layers.back().layer;
  if (std::holds_alternative<spec::Sigmoid>(last)) return spec::Loss::binary_cross_entropy;
  const Result<spec::Facts> facts = spec::infer(network);
  // What compares classes needs two of them.
  if (!facts.ok() || facts->out.size() < 2) return spec::Loss::mse;
  if (std::holds_alternative<spec::LogSoftmax>(last)) return spec::Loss::nll;
  if (std::holds_alternative<spec::Softmax>(last)) return spec::Loss::mse;
  return spec::Loss::cross_entropy;
}

Result<std::unique_ptr<Scoring>> Scoring::create(const nn::Network& network, spec::Loss loss,
                                                 const data::Images& images, std::vector<u32> ids,
                                                 Pool& pool, u32 permute) {
  Result<nn::Network> copy = nn::Network::create(network.spec(), 0);
  if (!copy.ok()) return copy.problem();
  copy->copy_weights(network);
  return create(std::move(copy).value(), loss, images, std::move(ids), pool, permute);
}

Result<std::unique_ptr<Scoring>> Scoring::create(nn::Network&& network, spec::Loss loss,
                                                 const data::Images& images, std::vector<u32> ids,
                                                 Pool& pool, u32 permute) {
  if (ids.empty()) {
    return Problem{Code::wrong_state, "There are no images to evaluate on. Load a data set first."};
  }
  if (const Shape shape{1, images.h, images.w}; network.spec().input != shape) {
    return Problem{Code::bad_spec, "The network expects inputs of " +
                                       spec::in_words(network.spec().input) + ", the images are " +
                                       spec::in_words(shape) +
                                       ". Use a network or images of the other size."};
  }
  const int classes = std::max(2, network.classes());
  for (u32 id : ids) {
    if (images.labels[id] < classes) continue;
    return Problem{Code::bad_spec, "Image " + std::to_string(id) + " has label " +
                                       std::to_string(images.labels[id]) +
                                       ", the network tells only " + std::to_string(classes) +
                                       " classes apart. Use a network for this data set."};
  }
  return std::unique_ptr<Scoring>(
      new Scoring(std::move(network), loss, images, std::move(ids), pool, permute));
}

Scoring::Scoring(nn::Network network, spec::Loss loss, const data::Images& images,
                 std::vector<u32> ids, Pool& pool, u32 permute)
    : network_(std::move(network)),
      loss_(loss),
      images_(&images),
      ids_(std::move(ids)),
      pool_(&pool),
      permutation_(permute, images.area()),
      x_(std::min(kSlice, ids_.size()) * images.area()),
      scratch_(images.area()),
      labels_(std::min(kSlice, ids_.size())),
      confusion_(std::max(2, network_.classes())),
      p_(std::size_t(network_.classes())) {
  network_.plan(pool, int(labels_.size()), nn::Keep::output);
}

bool Scoring::step() {
  if (done()) return false;
  const std::span<const u32> ids =
      std::span<const u32>(ids_).subspan(next_, std::min(kSlice, ids_.size() - next_));
  const int n = int(ids.size());
  const std::span<f32> x = std::span(x_).first(ids.size() * images_->area());
  const std::span<u8> labels = std::span(labels_).first(ids.size());
  data::assemble(*images_, ids, x, labels);
  permutation_.apply(x, scratch_);
  nn::Pass pass;
  pass.pool = pool_;
  const BatchIn y = network_.forward(pass, {x.data(), n, network_.spec().input});
  loss_sum_ += double(nn::loss(loss_, y, labels, {nullptr, n, y.shape}).mean) * n;
  for (int i = 0; i < n; ++i) {
    judge(ids[std::size_t(i)], {y.sample(i), y.shape.size()}, labels[std::size_t(i)]);
  }
  next_ += ids.size();
  return !done();
}

void Scoring::judge(u32 id, std::span<const f32> outputs, int label) {
  const int chosen = nn::decide(outputs);
  confusion_.add(label, chosen);
  nn::probabilities(network_.spec(), outputs, p_);
  // One output p stands for the classes {1 - p, p}.
  const f32 share = p_.size() > 1 ? p_[std::size_t(chosen)] : chosen == 1 ? p_[0] : 1.0f - p_[0];
  const bool claims = share >= 0 && share <= 1;  // outputs that are no numbers claim nothing
  if (chosen != label) mistakes_.push_back({id, u32(label), u32(chosen), claims ? share : 0.0f});
  if (!claims) return;
  calibration_.add(double(share), chosen == label);
  if (nn::is_sure({&share, 1})) ++sure_;
}

f32 Scoring::loss() const { return next_ == 0 ? 0.0f : f32(loss_sum_ / double(next_)); }

std::vector<u32> all_ids(u32 count) {
  std::vector<u32> ids(count);
  std::iota(ids.begin(), ids.end(), 0u);
  return ids;
}

}  // namespace engine::session
