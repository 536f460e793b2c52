// The two-digit task in a session: images by digit, one run at a time, its pictures at the end.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "engine/data/packed.hpp"
#include "engine/lab/numpy_program.hpp"
#include "engine/lab/pictures.hpp"
#include "engine/session/lab.hpp"
#include "engine/session/state.hpp"

namespace engine::session {
namespace {

// The decimal number that was meant: 0.1, not 0.10000000149.
double decimal(f32 value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", double(value));
  return std::strtod(text, nullptr);
}

lab::TwoDigits settings_of(const protocol::LabStart& c) {
  lab::TwoDigits settings;
  settings.first = int(std::min(c.first, 10u));  // 10: refused by check(), as all larger ones
  settings.second = int(std::min(c.second, 10u));
  settings.hidden.clear();
  for (const u32 units : c.hidden) {
    if (units == 0) break;
    settings.hidden.push_back(int(std::min(units, u32(lab::kMaxUnits) + 1)));
  }
  settings.activation = lab::Activation(c.activation);
  settings.epochs = int(std::min(c.epochs, u32(lab::kMaxEpochs) + 1));
  settings.batch = int(std::min(c.batch, u32(lab::kMaxBatch) + 1));
  settings.rate = decimal(c.rate);
  settings.seed = joined(c.seed_low, c.seed_high);
  return settings;
}

class RealLab final : public Lab {
 public:
  explicit RealLab(std::function<void(u32)> need) : need_(std::move(need)) {}

  void start(u32 id, const protocol::LabStart& command) override;
  void stop(u32 id) override;
  bool has_work() const override { return run_ && !run_->done(); }
  void work_once() override;
  void add_digit(std::span<const std::byte> chunk) override;
  void digits_failed(std::string_view sentence) override;

 private:
  void refuse(u32 id, const Problem& problem) {
    send_(id, protocol::Failed{u32(problem.code)}, bytes_of(problem.sentence));
  }
  void end_badly(const Problem& problem) {
    waiting_.reset();
    run_.reset();
    send_(0, protocol::LabFailed{u32(problem.code)}, bytes_of(problem.sentence));
  }
  void begin_if_ready();
  void send_progress();
  void send_done();

  std::function<void(u32)> need_;
  std::array<std::optional<lab::DigitImages>, 10> digits_;
  std::optional<lab::TwoDigits> waiting_;  // for images
  std::unique_ptr<lab::TwoDigitRun> run_;
  Clock::time_point started_;
  Throttle progress_{std::chrono::milliseconds(50)};
};

void RealLab::start(u32 id, const protocol::LabStart& command) {
  if (waiting_ || has_work())
    return refuse(id, {Code::wrong_state, "The lab's network is training. Stop it first."});
  const lab::TwoDigits settings = settings_of(command);
  if (Status good = lab::check(settings); !good.ok()) return refuse(id, good.problem());
  send_(id, protocol::Accepted{0}, {});
  run_.reset();
  waiting_ = settings;
  for (const int digit : {settings.first, settings.second}) {
    if (waiting_ && !digits_[std::size_t(digit)]) need_(u32(digit));
  }
  begin_if_ready();
}

void RealLab::stop(u32 id) {
  if (!waiting_ && !has_work())
    return refuse(id, {Code::wrong_state, "The lab's network is not training."});
  send_(id, protocol::Accepted{0}, {});
  if (waiting_) return end_badly({Code::cancelled, "Stopped before the images were there."});
  run_->stop();
}

void RealLab::add_digit(std::span<const std::byte> chunk) {
  Result<data::Chunk> images = data::read_chunk(chunk);
  if (!images.ok()) return digits_failed(images.problem().sentence);
  const auto& labels = images->train.labels.empty() ? images->test.labels : images->train.labels;
  const bool square = images->train.h == lab::kSide && images->train.w == lab::kSide;
  if (labels.empty() || labels[0] > 9 || !square)
    return digits_failed("The images of the digits are of another kind. Reload the page.");
  digits_[labels[0]] = {std::move(images->train.pixels), std::move(images->test.pixels)};
  begin_if_ready();
}

void RealLab::digits_failed(std::string_view sentence) {
  if (waiting_) end_badly({Code::io_failed, std::string(sentence)});
}

void RealLab::begin_if_ready() {
  if (!waiting_) return;
  const auto& first = digits_[std::size_t(waiting_->first)];
  const auto& second = digits_[std::size_t(waiting_->second)];
  if (!first || !second) return;
  auto run = lab::TwoDigitRun::create(*waiting_, *first, *second);
  if (!run.ok()) return end_badly(run.problem());
  waiting_.reset();
  run_ = std::move(run).value();
  started_ = Clock::now();
  send_progress();
}

void RealLab::work_once() {
  run_->step();
  const Clock::time_point now = Clock::now();
  if (run_->done()) {
    send_progress();
    send_done();
  } else if (progress_.due(now)) {
    progress_.mark(now);
    send_progress();
  }
}

// The errors of all epochs each time: whoever missed some has them all again.
void RealLab::send_progress() {
  const auto& train = run_->train_errors();
  const auto& validation = run_->validation_errors();
  std::vector<f32> errors;
  for (std::size_t i = 0; i < validation.size(); ++i) {
    errors.push_back(f32(train[i]));
    errors.push_back(f32(validation[i]));
  }
  Bytes tail;
  append(tail, std::as_bytes(std::span(errors)));
  const double took = std::chrono::duration<double>(Clock::now() - started_).count();
  const double part = run_->progress();
  const auto left = f32(part > 0 ? took / part * (1 - part) : 0);
  send_(
      0,
      protocol::LabProgress{u32(validation.size()), u32(run_->settings().epochs), f32(part), left},
      std::move(tail));
}

void RealLab::send_done() {
  if (run_->diverged() && run_->best_epoch() < 0)
    return end_badly(
        {Code::diverged, "The error is no number any more. Choose a smaller learning rate."});
  const lab::Canvas training = lab::draw_training(*run_);
  const lab::Canvas classification = lab::draw_classification(*run_);
  const auto first = lab::png(training), second = lab::png(classification);
  const std::string program = lab::numpy_program(run_->settings());
  Bytes tail;
  append(tail, first);
  append(tail, second);
  append(tail, bytes_of(program));
  append(tail, std::as_bytes(std::span(training.rgb())));
  append(tail, std::as_bytes(std::span(classification.rgb())));
  const protocol::LabDone done{u32(run_->test_wrong()),     u32(run_->test_count()),
                               u32(run_->best_epoch()),     u32(first.size()),
                               u32(second.size()),          u32(program.size()),
                               u32(training.width()),       u32(training.height()),
                               u32(classification.width()), u32(classification.height())};
  files_ = {bytes_of(program), {first.begin(), first.end()}, {second.begin(), second.end()}};
  send_(0, done, std::move(tail));
}

}  // namespace

std::unique_ptr<Lab> make_lab(std::function<void(u32)> need) {
  return std::make_unique<RealLab>(std::move(need));
}

}  // namespace engine::session
