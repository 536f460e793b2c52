#include "engine/session/micro.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include "engine/kernels/conv2d.hpp"
#include "engine/kernels/gemm.hpp"
#include "engine/kernels/maxpool.hpp"
#include "engine/kernels/optimize.hpp"
#include "engine/kernels/softmax.hpp"
#include "engine/session/bench.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::session {
namespace {

using Clock = std::chrono::steady_clock;
using kernels::Conv2dShape;
using kernels::GemmShape;

constexpr int kBatch = 64;

class Micro {
 public:
  Micro(double seconds, Pool& pool, const std::function<void(const MicroFigure&)>& report)
      : seconds_(seconds), pool_(pool), report_(report) {}

  void limits();
  void linear(GemmShape shape);
  void convolution(Conv2dShape shape);
  void others();

 private:
  // Values that are no zeros, subnormals or infinities, whatever is done with them.
  static std::vector<f32> values(std::size_t n) {
    std::vector<f32> v(n);
    for (std::size_t i = 0; i < n; ++i) v[i] = 0.01f * f32(i % 89 + 1);
    return v;
  }

  template <class F>
  double median_seconds(const F& call) const {
    std::vector<double> times;
    call();
    const Clock::time_point begin = Clock::now();
    for (Clock::time_point last = begin; times.empty() || last - begin < Length(seconds_);) {
      call();
      const Clock::time_point now = Clock::now();
      times.push_back(Length(now - last).count());
      last = now;
    }
    std::ranges::nth_element(times, times.begin() + std::ptrdiff_t(times.size() / 2));
    return times[times.size() / 2];
  }

  // `amount`: floating-point operations or bytes of one call.
  template <class F>
  double tell(const char* kernel, std::string shape, double amount, const char* unit, double limit,
              const F& call) const {
    const double each = median_seconds(call), rate = amount / each * 1e-9;
    report_({kernel, std::move(shape), each * 1e3, rate, unit, limit > 0 ? rate / limit : 1});
    return rate;
  }
  template <class F>
  void compute(const char* kernel, std::string shape, u64 multiply_adds, const F& call) const {
    tell(kernel, std::move(shape), 2 * double(multiply_adds), "GFLOP/s", flops_, call);
  }
  template <class F>
  void move(const char* kernel, std::string shape, std::size_t floats, const F& call) const {
    tell(kernel, std::move(shape), double(floats * sizeof(f32)), "GB/s", bytes_, call);
  }

  using Length = std::chrono::duration<double>;
  double seconds_;
  Pool& pool_;
  const std::function<void(const MicroFigure&)>& report_;
  double flops_ = 0, bytes_ = 0;  // the limits
};

std::string text(GemmShape s) {
  return std::to_string(s.m) + " x " + std::to_string(s.n) + " x " + std::to_string(s.k);
}

std::string text(Conv2dShape s) {
  std::string shape = std::to_string(s.c) + " to " + std::to_string(s.o) + ", " +
                      std::to_string(s.h) + " x " + std::to_string(s.w) + ", " +
                      std::to_string(s.kernel) + " x " + std::to_string(s.kernel);
  if (s.stride > 1) shape += ", stride " + std::to_string(s.stride);
  if (s.groups > 1) shape += ", groups " + std::to_string(s.groups);
  return shape;
}

void Micro::limits() {
  constexpr double kWork = 2.0 * 512 * 512 * 512;
  flops_ = product_limit(seconds_, pool_);
  report_({"product", "512 x 512 x 512", kWork / flops_ * 1e-6, flops_, "GFLOP/s", 1});
  const std::vector<f32> from = values(std::size_t(4) << 20);
  std::vector<f32> to(from.size());
  bytes_ = tell("copy", "16 MB", double(2 * from.size() * sizeof(f32)), "GB/s", 0, [&] {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(f32));
    [[maybe_unused]] const volatile f32 kept = to[to.size() / 2];  // no dead copy
  });
}

void Micro::linear(GemmShape s) {
  const auto m = std::size_t(s.m), n = std::size_t(s.n), k = std::size_t(s.k);
  const std::vector<f32> x = values(m * k), w = values(n * k), dy = values(m * n);
  std::vector<f32> y(m * n), dx(m * k), dw(n * k), shared(kernels::gemm_nt_shared(s));
  const GemmShape back{s.m, s.k, s.n}, weights{s.n, s.k, s.m};
  for (const std::size_t floats : {kernels::gemm_nt_worker(s), kernels::gemm_nn_worker(back),
                                   kernels::gemm_tn_worker(weights)})
    pool_.reserve_scratch(floats);
  const u64 work = u64(m) * n * k;
  compute("linear forward", text(s), work, [&] {
    kernels::gemm_nt(pool_, s, x.data(), w.data(), nullptr, y.data(), shared.data());
  });
  compute("linear input gradient", text(back), work,
          [&] { kernels::gemm_nn(pool_, back, dy.data(), w.data(), dx.data()); });
  compute("linear weight gradient", text(weights), work, [&] {
    std::ranges::fill(dw, 0.0f);
    kernels::gemm_tn_add(pool_, weights, dy.data(), x.data(), dw.data());
  });
}

void Micro::convolution(Conv2dShape s) {
  const kernels::Conv2dPlan plan(s);
  pool_.reserve_scratch(plan.worker_floats());
  const Shape in{s.c, s.h, s.w}, out{s.o, s.out_h(), s.out_w()};
  const std::vector<f32> x = values(kBatch * in.size()), dy = values(kBatch * out.size()),
                         w = values(std::size_t(s.o) * std::size_t(s.taps())),
                         b = values(std::size_t(s.o));
  std::vector<f32> y(dy.size()), dx(x.size()), dw(w.size()), db(b.size()),
      shared(plan.shared_floats(kBatch));
  const u64 work = u64(kBatch) * out.size() * u64(s.taps());
  compute("convolution forward", text(s), work, [&] {
    plan.forward(pool_, {x.data(), kBatch, in}, w.data(), b.data(), {y.data(), kBatch, out},
                 shared.data());
  });
  compute("convolution input gradient", text(s), work, [&] {
    plan.input_gradient(pool_, {dy.data(), kBatch, out}, w.data(), {dx.data(), kBatch, in},
                        shared.data());
  });
  compute("convolution weight gradient", text(s), work, [&] {
    std::ranges::fill(dw, 0.0f);
    plan.weight_gradient(pool_, {nullptr, kBatch}, {x.data(), kBatch, in}, {dy.data(), kBatch, out},
                         dw.data(), db.data(), shared.data());
  });
}

// On one thread: the networks cut them into tasks, one a sample or a part of the parameters.
void Micro::others() {
  const kernels::PoolShape s{28, 28, 2, 2, 0};
  const std::size_t planes = 4096, from = 28 * 28, to = 14 * 14;
  const std::vector<f32> x = values(planes * from);
  std::vector<f32> y(planes * to);
  std::vector<u32> index(y.size());
  move("max-pooling", "4,096 planes of 28 x 28", planes * (from + 2 * to), [&] {
    for (std::size_t i = 0; i < planes; ++i)
      kernels::maxpool(s, x.data() + i * from, y.data() + i * to, index.data() + i * to);
  });
  const std::size_t rows = 200'000;
  const std::vector<f32> logits = values(rows * 10);
  std::vector<f32> logs(logits.size());
  move("log-softmax", "200,000 x 10", 2 * logits.size(),
       [&] { kernels::log_softmax_rows(logits.data(), logs.data(), rows, 10); });
  const std::size_t n = 4'000'000;
  const std::vector<f32> g = values(n);
  std::vector<f32> w = values(n), m(n), v(n);
  move("Adam", "4,000,000 parameters", 7 * n,
       [&] { kernels::adam({.learning_rate = 1e-6f}, w.data(), g.data(), m.data(), v.data(), n); });
}

}  // namespace

std::string to_json(const MicroFigure& figure) {
  spec::Json json;
  json["kernel"] = figure.kernel;
  json["shape"] = figure.shape;
  json["milliseconds"] = figure.milliseconds;
  json["rate"] = figure.rate;
  json["unit"] = figure.unit;
  json["share"] = figure.share;
  return spec::dump_json(json);
}

void run_micro(double seconds, Pool& pool, const std::function<void(const MicroFigure&)>& report) {
  Micro micro(seconds, pool, report);
  micro.limits();
  for (const GemmShape shape :
       {GemmShape{kBatch, 10, 784}, {kBatch, 10, 6272}, {kBatch, 1000, 784}, {1, 1000, 784}})
    micro.linear(shape);
  micro.convolution({.c = 1, .h = 28, .w = 28, .o = 32, .kernel = 3, .stride = 2, .padding = 1});
  micro.convolution({.c = 1, .h = 28, .w = 28, .o = 32, .kernel = 3, .padding = 1});
  micro.convolution({.c = 32, .h = 28, .w = 28, .o = 32, .kernel = 3, .padding = 1});
  micro.convolution({.c = 32, .h = 14, .w = 14, .o = 64, .kernel = 3, .padding = 1});
  micro.convolution({.c = 32, .h = 28, .w = 28, .o = 64, .kernel = 3, .stride = 2, .padding = 1});
  micro.convolution({.c = 64, .h = 14, .w = 14, .o = 128, .kernel = 1});
  micro.convolution({.c = 64, .h = 14, .w = 14, .o = 64, .kernel = 3, .padding = 1, .groups = 64});
  micro.others();
}

}  // namespace engine::session
