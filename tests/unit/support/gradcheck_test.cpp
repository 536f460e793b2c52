// The gradient check must fail for every way in which a layer can break its contract. A toy layer,
// y = w(c) x^2 + b(c), breaks it in one way at a time.
#include "tests/support/gradcheck.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <limits>

using namespace engine;

namespace {

enum class Fault {
  none,
  wrong_sign_x,
  wrong_sign_w,
  w_assigned,
  b_assigned,
  no_bias_gradient,
  dx_added,
  dx_unassigned,
  one_dx_unassigned,
  dx_nan,
  w_nan,
  half_as_large,
  last_sample_dropped,
  samples_swapped,
  first_channel_twice,
  writes_x,
  writes_x_backward,
  writes_y,
  writes_dy,
  writes_w,
  overruns_dx,
  overruns_saved,
  reads_scratch,
  y_unassigned,
  skips_without_dx,
};

class Toy final : public nn::Layer {
 public:
  Toy(Shape shape, Fault fault) : shape_(shape), fault_(fault) {}
  Shape output() const override { return shape_; }
  nn::Memory memory(int batch) const override {
    return {.saved = std::size_t(batch) * shape_.size(), .shared = 4};
  }
  std::vector<nn::TensorInfo> tensors() const override {
    return {{.name = "weight", .dims = {shape_.c}, .fan_in = 1},
            {.name = "bias", .dims = {shape_.c}, .role = nn::Role::bias, .fan_in = 1}};
  }
  void bind(std::span<const nn::Bound> tensors) override { w_ = tensors[0], b_ = tensors[1]; }

  void forward(const nn::Pass& pass, BatchIn x, BatchOut y) const override {
    const std::size_t plane = std::size_t(shape_.h) * std::size_t(shape_.w);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = i / plane % std::size_t(shape_.c);
      y.data[i] = w_.value[c] * x.data[i] * x.data[i] + b_.value[c];
      pass.saved[i] = 2 * x.data[i];
    }
    if (is(Fault::reads_scratch)) y.data[0] += pass.shared[1];
    if (is(Fault::y_unassigned)) y.data[x.size() - 1] = std::numeric_limits<f32>::quiet_NaN();
    if (is(Fault::writes_x)) const_cast<f32*>(x.data)[0] += 1;
    if (is(Fault::overruns_saved)) pass.saved[x.size()] = 0;
  }

  void backward(const nn::Pass& pass, BatchIn x, BatchIn y, BatchIn dy,
                BatchOut dx) const override {
    if (is(Fault::skips_without_dx) && !dx) return;
    const std::size_t plane = std::size_t(shape_.h) * std::size_t(shape_.w);
    if (is(Fault::w_assigned)) std::fill_n(w_.grad, shape_.c, 0.0f);
    if (is(Fault::b_assigned)) std::fill_n(b_.grad, shape_.c, 0.0f);
    const int used = is(Fault::last_sample_dropped) ? x.n - 1 : x.n;
    for (std::size_t i = 0; i < std::size_t(used) * shape_.size(); ++i) {
      const std::size_t c = is(Fault::first_channel_twice) ? 0 : i / plane % std::size_t(shape_.c);
      w_.grad[c] += (is(Fault::wrong_sign_w) ? -1.0f : 1.0f) * dy.data[i] * x.data[i] * x.data[i];
      if (!is(Fault::no_bias_gradient)) b_.grad[c] += dy.data[i];
    }
    if (is(Fault::w_nan)) w_.grad[0] = std::numeric_limits<f32>::quiet_NaN();
    if (is(Fault::writes_x_backward)) const_cast<f32*>(x.data)[0] += 1;
    if (is(Fault::writes_y)) const_cast<f32*>(y.data)[0] += 1;
    if (is(Fault::writes_dy)) const_cast<f32*>(dy.data)[0] += 1;
    if (is(Fault::writes_w)) w_.value[0] += 1;
    if (dx) backward_x(pass, dy, dx);
  }

 private:
  bool is(Fault fault) const { return fault_ == fault; }

  void backward_x(const nn::Pass& pass, BatchIn dy, BatchOut dx) const {
    const std::size_t plane = std::size_t(shape_.h) * std::size_t(shape_.w);
    if (is(Fault::dx_unassigned)) return;
    for (std::size_t i = is(Fault::one_dx_unassigned) ? 1 : 0; i < dy.size(); ++i) {
      const std::size_t from = is(Fault::samples_swapped) ? dy.size() - 1 - i : i;
      f32 slope = pass.saved[from] * w_.value[from / plane % std::size_t(shape_.c)] * dy.data[from];
      if (is(Fault::wrong_sign_x)) slope = -slope;
      if (is(Fault::half_as_large)) slope /= 2;
      dx.data[i] = is(Fault::dx_added) ? dx.data[i] + slope : slope;
    }
    if (is(Fault::dx_nan)) dx.data[dx.size() / 2] = std::numeric_limits<f32>::quiet_NaN();
    if (is(Fault::overruns_dx)) dx.data[dx.size()] = 0;
  }

  Shape shape_;
  Fault fault_;
  nn::Bound w_, b_;
};

test::GradReport check(Fault fault, int batch = 3) {
  const Shape shape{2, 3, 1};
  Toy toy(shape, fault);
  return test::grad_check(toy, shape, {.batch = batch, .seed = 5});
}

}  // namespace

TEST_CASE("the gradient check accepts a right layer", "[support][gradcheck]") {
  const int batch = GENERATE(1, 3);
  const test::GradReport report = check(Fault::none, batch);
  CAPTURE(batch, report.text());
  CHECK(report.ok());
  CHECK(report.compared == std::size_t(batch) * 6 + 4);
  CHECK(report.worst < 1e-4);
}

TEST_CASE("the gradient check names wrong derivatives", "[support][gradcheck]") {
  const auto [fault, where] =
      GENERATE(table<Fault, std::string>({{Fault::wrong_sign_x, "x"},
                                          {Fault::half_as_large, "x"},
                                          {Fault::samples_swapped, "x"},
                                          {Fault::wrong_sign_w, "weight"},
                                          {Fault::w_assigned, "weight"},
                                          {Fault::w_nan, "weight"},
                                          {Fault::b_assigned, "bias"},
                                          {Fault::no_bias_gradient, "bias"}}));
  const test::GradReport report = check(fault);
  CAPTURE(int(fault), report.text());
  CHECK_FALSE(report.ok());
  CHECK(report.broken.empty());
  CHECK(report.where == where);
}

TEST_CASE("the gradient check sees parts of the batch or of the channels left out",
          "[support][gradcheck]") {
  const Fault fault = GENERATE(Fault::last_sample_dropped, Fault::first_channel_twice);
  const test::GradReport report = check(fault);
  CAPTURE(int(fault), report.text());
  CHECK_FALSE(report.ok());
  CHECK(report.broken.empty());
}

TEST_CASE("the gradient check names breaches of the contract", "[support][gradcheck]") {
  const auto [fault, sentence] = GENERATE(table<Fault, std::string>(
      {{Fault::dx_added, "backward leaves dx unassigned, or not finite"},
       {Fault::dx_unassigned, "backward leaves dx unassigned, or not finite"},
       {Fault::one_dx_unassigned, "backward leaves dx unassigned, or not finite"},
       {Fault::dx_nan, "backward leaves dx unassigned, or not finite"},
       {Fault::writes_x, "forward changes x"},
       {Fault::writes_x_backward, "backward changes x"},
       {Fault::writes_y, "backward changes y"},
       {Fault::writes_dy, "backward changes dy"},
       {Fault::writes_w, "backward changes a parameter"},
       {Fault::overruns_dx, "backward writes outside of its memory"},
       {Fault::overruns_saved, "forward writes outside of its memory"},
       {Fault::reads_scratch, "forward leaves y unassigned, or not finite"},
       {Fault::y_unassigned, "forward leaves y unassigned, or not finite"},
       {Fault::skips_without_dx, "gradients differ when dx is not wanted"}}));
  const test::GradReport report = check(fault);
  CAPTURE(int(fault), report.text());
  CHECK_FALSE(report.ok());
  CHECK(report.broken == sentence);
}

TEST_CASE("a report of nothing, or of NaN, is not ok", "[support][gradcheck]") {
  CHECK_FALSE(test::GradReport{}.ok());
  test::GradReport nan;
  nan.compared = 1;
  CHECK(nan.ok());
  nan.worst = std::nan("");
  CHECK_FALSE(nan.ok());
}
