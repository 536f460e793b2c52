#include "tests/support/gradcheck.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

#include "engine/core/arena.hpp"
#include "engine/core/random.hpp"
#include "tests/support/near.hpp"

namespace test {
namespace {

using engine::Arena;
using engine::BatchIn;
using engine::BatchOut;
using engine::f32;
using engine::Pool;
using engine::Purpose;
using engine::Rng;
using engine::Shape;
using engine::u32;
namespace nn = engine::nn;

constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
constexpr f32 kGuard = 123456.75f;
constexpr std::size_t kMargin = 16;  // guards on each side; keeps the body on a line of 64 bytes

// n floats between two rows of guards.
class Guarded {
 public:
  Guarded(std::size_t n, f32 value) : memory_(Arena::aligned(n) + 2 * kMargin), n_(n) {
    std::fill_n(memory_.data(), memory_.size(), kGuard);
    fill(value);
  }
  std::span<f32> span() { return memory_.span().subspan(kMargin, n_); }
  f32* data() { return span().data(); }
  void fill(f32 value) { std::fill_n(data(), n_, value); }
  bool intact() const {
    const std::span<const f32> all = memory_.span();
    const auto is_guard = [](f32 v) { return v == kGuard; };
    return std::all_of(all.begin(), all.begin() + kMargin, is_guard) &&
           std::all_of(all.begin() + std::ptrdiff_t(kMargin + n_), all.end(), is_guard);
  }

 private:
  Arena memory_;
  std::size_t n_;
};

std::vector<f32> copy(std::span<const f32> values) { return {values.begin(), values.end()}; }

std::vector<f32> draw_inputs(std::size_t n, Inputs kind, engine::u64 seed) {
  std::vector<f32> values(n);
  Rng rng(seed, Purpose::probe, 0, 0);
  if (kind == Inputs::normal) {
    for (f32& v : values) v = rng.normal();
    return values;
  }
  std::vector<u32> places(n);
  for (std::size_t i = 0; i < n; ++i) places[i] = u32(i);
  engine::shuffle(places, rng);
  for (std::size_t i = 0; i < n; ++i) values[i] = (f32(places[i]) - f32(n / 2) + 0.5f) / 8;
  return values;
}

// One layer with all the memory that a network would give it.
class Rig {
 public:
  Rig(nn::Layer& layer, Shape input, const GradCase& how)
      : layer_(layer),
        how_(how),
        pool_(how.threads),
        memory_(layer.memory(how.batch)),
        infos_(layer.tensors()),
        input_(input),
        x_(std::size_t(how.batch) * input.size(), 0),
        y_(std::size_t(how.batch) * layer.output().size(), kNaN),
        dy_(std::size_t(how.batch) * layer.output().size(), 0),
        dx_(std::size_t(how.batch) * input.size(), kNaN),
        saved_(memory_.saved, kNaN),
        shared_(memory_.shared, kNaN) {
    pool_.reserve_scratch(memory_.worker);
    std::ranges::copy(draw_inputs(x_.span().size(), how.inputs, how.seed), x_.data());
    Rng probe(how.seed, Purpose::probe, 0, 1);
    for (f32& v : dy_.span()) v = probe.uniform(0.5f, 1.5f) * (probe.below(2) ? 1.0f : -1.0f);
    for (int n = 0; n < how.batch; ++n) samples_.push_back(u32(100 + 7 * n));
    make_tensors();
  }

  GradReport run() {
    if (forward_keeps_contract() && backward_keeps_contract() && backward_without_dx_agrees())
      compare_all();
    return report_;
  }

 private:
  void make_tensors() {
    std::vector<nn::Bound> bound;
    for (std::size_t i = 0; i < infos_.size(); ++i) {
      const nn::TensorInfo& info = infos_[i];
      Rng rng(how_.seed, Purpose::probe, 1, u32(i));
      const bool buffer = info.role == nn::Role::buffer;
      values_.push_back(std::make_unique<Guarded>(info.size(), 0.0f));
      // Buffers hold means and variances: positive, so that either makes sense.
      for (f32& v : values_.back()->span())
        v = buffer ? rng.uniform(0.5f, 1.5f) : rng.uniform(-1, 1);
      grads_.push_back(std::make_unique<Guarded>(buffer ? 0 : info.size(), 0.0f));
      bound.push_back({values_.back()->data(), buffer ? nullptr : grads_.back()->data()});
    }
    layer_.bind(bound);
  }

  nn::Pass pass() {
    return {.pool = &pool_,
            .training = how_.training,
            .seed = how_.seed,
            .epoch = 3,
            .samples = samples_,
            .saved = saved_.data(),
            .shared = shared_.data()};
  }
  BatchIn x() { return {x_.data(), how_.batch, input_}; }
  BatchIn y() { return {y_.data(), how_.batch, layer_.output()}; }

  void poison_scratch() {
    shared_.fill(kNaN);
    for (int worker = 0; worker < pool_.threads(); ++worker) {
      std::fill_n(pool_.scratch(worker), memory_.worker, kNaN);
    }
  }

  void forward() {
    poison_scratch();
    layer_.forward(pass(), x(), {y_.data(), how_.batch, layer_.output()});
  }

  void backward(bool want_dx) {
    poison_scratch();
    dx_.fill(kNaN);
    for (std::size_t i = 0; i < grads_.size(); ++i) {
      for (std::size_t j = 0; j < grads_[i]->span().size(); ++j) grads_[i]->span()[j] = start(j);
    }
    BatchOut dx{want_dx ? dx_.data() : nullptr, how_.batch, input_};
    layer_.backward(pass(), x(), y(), {dy_.data(), how_.batch, layer_.output()}, dx);
  }

  // What a parameter's gradient holds before backward adds to it.
  static f32 start(std::size_t j) { return 0.25f + 0.5f * f32(j % 3); }

  bool broken(const std::string& sentence) {
    report_.broken = sentence;
    return false;
  }

  bool guards_intact() {
    const auto intact = [](const auto& each) { return each->intact(); };
    return x_.intact() && y_.intact() && dy_.intact() && dx_.intact() && saved_.intact() &&
           shared_.intact() && std::ranges::all_of(values_, intact) &&
           std::ranges::all_of(grads_, intact);
  }

  static bool finite(std::span<const f32> values) {
    return std::ranges::all_of(values, [](f32 v) { return std::isfinite(v); });
  }

  // Values of all parameters (not buffers), to see whether they change.
  std::vector<f32> parameters() {
    std::vector<f32> all;
    for (std::size_t i = 0; i < infos_.size(); ++i) {
      if (infos_[i].role == nn::Role::buffer) continue;
      all.insert(all.end(), values_[i]->span().begin(), values_[i]->span().end());
    }
    return all;
  }

  bool forward_keeps_contract() {
    const std::vector<f32> x = copy(x_.span()), w = parameters();
    forward();
    if (!same_bits(x_.span(), x)) return broken("forward changes x");
    if (!same_bits(parameters(), w)) return broken("forward changes a parameter");
    if (!guards_intact()) return broken("forward writes outside of its memory");
    if (!finite(y_.span())) return broken("forward leaves y unassigned, or not finite");
    return true;
  }

  bool backward_keeps_contract() {
    const std::vector<f32> x = copy(x_.span()), y = copy(y_.span()), dy = copy(dy_.span()),
                           w = parameters();
    backward(true);
    if (!same_bits(x_.span(), x)) return broken("backward changes x");
    if (!same_bits(y_.span(), y)) return broken("backward changes y");
    if (!same_bits(dy_.span(), dy)) return broken("backward changes dy");
    if (!same_bits(parameters(), w)) return broken("backward changes a parameter");
    if (!guards_intact()) return broken("backward writes outside of its memory");
    if (!finite(dx_.span())) return broken("backward leaves dx unassigned, or not finite");
    return true;
  }

  // The first layer of a network is not asked for dx.
  bool backward_without_dx_agrees() {
    std::vector<std::vector<f32>> with;
    for (auto& grad : grads_) with.push_back(copy(grad->span()));
    const std::vector<f32> dx = copy(dx_.span());
    backward(false);
    for (std::size_t i = 0; i < grads_.size(); ++i) {
      if (!same_bits(grads_[i]->span(), with[i]))
        return broken("gradients differ when dx is not wanted");
    }
    std::ranges::copy(dx, dx_.data());
    return true;
  }

  double f() {
    forward();
    double sum = 0;
    for (std::size_t i = 0; i < y_.span().size(); ++i)
      sum += double(dy_.span()[i]) * double(y_.span()[i]);
    return sum;
  }

  // The central difference at v, with the step really taken.
  double slope(f32& v, double h) {
    const f32 keep = v;
    const f32 up = f32(double(keep) + h), down = f32(double(keep) - h);
    v = up;
    const double high = f();
    v = down;
    const double low = f();
    v = keep;
    return (high - low) / (double(up) - double(down));
  }

  void compare(f32& v, double got, const std::string& where, std::size_t index) {
    const double want = (4 * slope(v, how_.step) - slope(v, 2 * how_.step)) / 3;
    const double error = std::abs(got - want) / (1 + std::abs(want));
    ++report_.compared;
    // Written so that a NaN wins, and stays: nothing is greater than NaN.
    if (std::isnan(error) || error > report_.worst) {
      report_.worst = error;
      report_.where = where;
      report_.index = index;
      report_.got = got;
      report_.want = want;
    }
  }

  void compare_all() {
    const std::vector<f32> dx = copy(dx_.span());
    for (std::size_t i = 0; i < dx.size(); ++i) compare(x_.span()[i], double(dx[i]), "x", i);
    for (std::size_t t = 0; t < infos_.size(); ++t) {
      if (infos_[t].role == nn::Role::buffer) continue;
      const std::span<f32> value = values_[t]->span();
      for (std::size_t i = 0; i < value.size(); ++i) {
        compare(value[i], double(grads_[t]->span()[i]) - double(start(i)), infos_[t].name, i);
      }
    }
  }

  nn::Layer& layer_;
  GradCase how_;
  Pool pool_;
  nn::Memory memory_;
  std::vector<nn::TensorInfo> infos_;
  Shape input_;
  std::vector<u32> samples_;
  Guarded x_, y_, dy_, dx_, saved_, shared_;
  std::vector<std::unique_ptr<Guarded>> values_, grads_;
  GradReport report_;
};

}  // namespace

std::string GradReport::text() const {
  std::ostringstream out;
  if (!broken.empty()) out << broken << "; ";
  out << compared << " derivatives, worst error " << worst << " at " << where << '[' << index
      << "]: got " << got << ", want " << want;
  return out.str();
}

GradReport grad_check(engine::nn::Layer& layer, engine::Shape input, const GradCase& how) {
  return Rig(layer, input, how).run();
}

}  // namespace test
