#include "engine/nn/batchnorm.hpp"

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/conv2d.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/kernels/work.hpp"

namespace engine::nn {
namespace {

// One channel of a batch: N planes of `area` floats, `pitch` apart.
struct Channel {
  int n;
  std::size_t area, first, pitch;
  std::size_t plane(int i) const { return first + std::size_t(i) * pitch; }

  // The sum over the samples of term(plane), folded as a tree: as exact for a thousand samples as
  // for ten.
  template <class Term>
  f32 total(f32* partial, const Term& term) const {
    for (int i = 0; i < n; ++i) partial[i] = term(plane(i));
    kernels::fold_shards(partial, 1, n, 1);
    return partial[0];
  }
};

// Calls f(c, channel, scratch of n floats) for every channel.
template <class F>
void each_channel(const Pass& pass, int n, Shape shape, const F& f) {
  const std::size_t area = std::size_t(shape.h) * std::size_t(shape.w);
  kernels::run_tasks(*pass.pool, shape.c, u64(n) * shape.size() * 4, [&](int c, int worker) {
    f(std::size_t(c), Channel{n, area, std::size_t(c) * area, shape.size()},
      pass.pool->scratch(worker));
  });
}

// With a team: channel.total(term) of every channel over the rows of all ranks, folded as for one
// process, since all that is gathered is one term for each sample. Else null.
template <class Term>
const f32* team_totals(const Pass& pass, int slot, int n, Shape shape, const Term& term) {
  const Share& share = pass.share;
  if (share.team == nullptr) return nullptr;
  const std::size_t channels = std::size_t(shape.c);
  f32* terms = share.team->room(slot, std::size_t(share.batch) * channels);
  f32* own = terms + std::size_t(share.rows().begin) * channels;
  each_channel(pass, n, shape, [&](std::size_t c, const Channel& channel, f32*) {
    for (int i = 0; i < n; ++i)
      own[std::size_t(i) * channels + c] = term(c, channel.area, channel.plane(i));
  });
  share.gather_rows(terms, channels);
  kernels::fold_shards(terms, channels, share.batch, channels);
  return terms;
}

}  // namespace

BatchNorm::BatchNorm(int channels, f32 momentum, f32 eps, Shape input)
    : shape_(input), momentum_(momentum), eps_(eps) {
  ENSURE(channels == 0 || channels == input.c,
         "a batch normalisation was given another number of channels than it was made for");
}

Memory BatchNorm::memory(int batch) const {
  Memory m;
  m.saved = 2 * std::size_t(shape_.c);  // mean and 1 / sqrt(variance + eps) of each channel
  m.worker = std::size_t(batch);
  return m;
}

std::vector<TensorInfo> BatchNorm::tensors() const {
  return {{"weight", {shape_.c}, Role::weight, 0, 1},
          {"bias", {shape_.c}, Role::bias, 0, 0},
          {"running_mean", {shape_.c}, Role::buffer, 0, 0},
          {"running_var", {shape_.c}, Role::buffer, 0, 1}};
}

void BatchNorm::bind(std::span<const Bound> tensors) {
  ENSURE(tensors.size() == 4, "bind() must be given the tensors that tensors() lists");
  weight_ = tensors[0];
  bias_ = tensors[1];
  running_mean_ = tensors[2];
  running_var_ = tensors[3];
}

void BatchNorm::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  const std::size_t area = std::size_t(shape_.h) * std::size_t(shape_.w);
  const f32 count = f32(std::size_t(pass.share_of(x.n).batch) * area);
  const f32 *team_sums = nullptr, *team_squares = nullptr;
  if (pass.training) {
    team_sums = team_totals(pass, 0, x.n, shape_, [&](std::size_t, std::size_t n, std::size_t at) {
      return kernels::sum(x.data + at, n);
    });
    team_squares =
        team_totals(pass, 1, x.n, shape_, [&](std::size_t c, std::size_t n, std::size_t at) {
          return kernels::sum_squared_deviations(x.data + at, team_sums[c] / count, n);
        });
  }
  each_channel(pass, x.n, shape_, [&](std::size_t c, const Channel& channel, f32* partial) {
    f32 mean = running_mean_.value[c], variance = running_var_.value[c];
    if (pass.training) {
      const f32 sum = team_sums ? team_sums[c] : channel.total(partial, [&](std::size_t at) {
        return kernels::sum(x.data + at, area);
      });
      mean = sum / count;
      const f32 squares =
          team_squares ? team_squares[c] : channel.total(partial, [&](std::size_t at) {
            return kernels::sum_squared_deviations(x.data + at, mean, area);
          });
      variance = squares / count;
      const f32 unbiased = count > 1 ? squares / (count - 1) : variance;
      running_mean_.value[c] = (1 - momentum_) * running_mean_.value[c] + momentum_ * mean;
      running_var_.value[c] = (1 - momentum_) * running_var_.value[c] + momentum_ * unbiased;
    }
    const f32 inverse = 1 / math::sqrt(variance + eps_);
    if (pass.saved) {
      pass.saved[2 * c] = mean;
      pass.saved[2 * c + 1] = inverse;
    }
    const f32 alpha = inverse * weight_.value[c], beta = bias_.value[c] - mean * alpha;
    for (int n = 0; n < x.n; ++n) {
      kernels::scale_shift(x.data + channel.plane(n), alpha, beta, y.data + channel.plane(n),
                           channel.area);
    }
  });
}

void BatchNorm::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  ENSURE(pass.saved != nullptr, "backward of a batch normalisation needs what forward saved");
  const std::size_t area = std::size_t(shape_.h) * std::size_t(shape_.w);
  const f32 count = f32(std::size_t(pass.share_of(x.n).batch) * area);
  const f32* team_sums = team_totals(
      pass, 0, x.n, shape_,
      [&](std::size_t, std::size_t n, std::size_t at) { return kernels::sum(dy.data + at, n); });
  const f32* team_dots =
      team_totals(pass, 1, x.n, shape_, [&](std::size_t c, std::size_t n, std::size_t at) {
        return kernels::dot_deviations(dy.data + at, x.data + at, pass.saved[2 * c], n);
      });
  each_channel(pass, x.n, shape_, [&](std::size_t c, const Channel& channel, f32* partial) {
    const f32 mean = pass.saved[2 * c], inverse = pass.saved[2 * c + 1];
    const f32 sum = team_sums ? team_sums[c] : channel.total(partial, [&](std::size_t at) {
      return kernels::sum(dy.data + at, area);
    });
    const f32 dot = team_dots ? team_dots[c] : channel.total(partial, [&](std::size_t at) {
      return kernels::dot_deviations(dy.data + at, x.data + at, mean, area);
    });
    weight_.grad[c] += dot * inverse;
    bias_.grad[c] += sum;
    if (!dx) return;
    kernels::Normalization k{mean, 0, 0, inverse * weight_.value[c]};
    if (pass.training) {  // mean and variance moved with x
      k.shift = sum / count;
      k.slope = dot * inverse * inverse / count;
    }
    for (int n = 0; n < x.n; ++n) {
      const std::size_t at = channel.plane(n);
      kernels::normalize_backward(k, x.data + at, dy.data + at, dx.data + at, channel.area);
    }
  });
}

}  // namespace engine::nn
