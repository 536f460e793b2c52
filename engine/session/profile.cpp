#include "engine/session/profile.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/nn/loss.hpp"
#include "engine/session/scoring.hpp"
#include "engine/session/workloads.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/train/optimizer.hpp"

namespace engine::session {
namespace {

using Clock = std::chrono::steady_clock;
using nn::Work;

constexpr u32 kBatch = 64;
constexpr std::array<const char*, 4> kParts{"forward", "clearing", "weight gradient",
                                            "input gradient"};

// Adds the time since the last mark to a part of a layer.
class Stopwatch : public nn::Watch {
 public:
  explicit Stopwatch(std::size_t layers) : seconds_(layers) {}

  void start() { last_ = Clock::now(); }
  double lap() {
    const Clock::time_point now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }
  void done(int layer, Work work) override {
    seconds_[std::size_t(layer)][std::size_t(work)] += lap();
  }
  double seconds(std::size_t layer, std::size_t work) const { return seconds_[layer][work]; }

 private:
  std::vector<std::array<double, kParts.size()>> seconds_;
  Clock::time_point last_ = Clock::now();
};

// One training step again and again, on the first images.
class Profiler {
 public:
  Profiler(nn::Network network, const spec::Train& train, const data::Dataset& dataset, Pool& pool)
      : network_(std::move(network)),
        train_(train),
        images_(dataset.train),
        pool_(pool),
        optimizer_(train, network_.parameters().size()),
        ids_(all_ids(kBatch)),
        x_(kBatch * images_.area()),
        labels_(kBatch),
        dy_(kBatch * network_.facts().out.size()),
        watch_(network_.facts().layers.size()) {
    network_.plan(pool, int(kBatch), nn::Keep::all);
  }

  void step() {
    watch_.start();
    data::assemble(images_, ids_, x_, labels_);
    assembly_ += watch_.lap();
    nn::Pass pass;
    pass.pool = &pool_;
    pass.training = true;
    pass.samples = ids_;
    pass.watch = &watch_;
    const BatchIn y = network_.forward(pass, {x_.data(), int(kBatch), network_.spec().input});
    const BatchOut dy{dy_.data(), int(kBatch), y.shape};
    nn::loss(train_.loss, y, labels_, dy);
    loss_ += watch_.lap();
    network_.backward(pass, {dy.data, dy.n, dy.shape});
    optimizer_.step(pool_, network_.parameters(), network_.gradients(), train_.learning_rate);
    optimizer_seconds_ += watch_.lap();
    ++steps_;
  }

  void forget() {
    watch_ = Stopwatch(network_.facts().layers.size());
    assembly_ = loss_ = optimizer_seconds_ = 0;
    steps_ = 0;
  }

  Profile result(std::string_view workload, double limit) const {
    Profile all{std::string(workload), 0, limit, {}};
    add(all, {"", "", "assembly"}, assembly_, 0);
    for (std::size_t i = 0; i < network_.facts().layers.size(); ++i) {
      const spec::NamedLayer& layer = network_.spec().layers[i];
      const std::string type(spec::kind_of(layer.layer).type);
      const u64 work = 2 * network_.facts().layers[i].multiply_adds * kBatch;
      for (std::size_t part = 0; part < kParts.size(); ++part) {
        const bool multiplies = Work(part) != Work::clearing;
        add(all, {layer.name, type, kParts[part]}, watch_.seconds(i, part), multiplies ? work : 0);
      }
    }
    add(all, {"", "", "loss"}, loss_, 0);
    add(all, {"", "", "optimizer"}, optimizer_seconds_, 0);
    for (ProfileRow& row : all.rows) row.share = row.milliseconds / all.milliseconds;
    return all;
  }

 private:
  void add(Profile& all, ProfileRow row, double seconds, u64 work) const {
    constexpr double kLeast = 1e-7;  // shorter than a look at the clock: nothing was done
    const double each = seconds / double(steps_);
    all.milliseconds += each * 1e3;
    if (each < kLeast) return;
    row.milliseconds = each * 1e3;
    row.gflops = double(work) / each * 1e-9;
    all.rows.push_back(std::move(row));
  }

  nn::Network network_;
  spec::Train train_;
  const data::Images& images_;
  Pool& pool_;
  train::Optimizer optimizer_;
  std::vector<u32> ids_;
  std::vector<f32> x_;
  std::vector<u8> labels_;
  std::vector<f32> dy_;
  Stopwatch watch_;
  double assembly_ = 0, loss_ = 0, optimizer_seconds_ = 0;
  u64 steps_ = 0;
};

}  // namespace

std::string to_json(const Profile& profile) {
  spec::Json json, rows = spec::Json::array();
  for (const ProfileRow& row : profile.rows) {
    spec::Json one;
    one["layer"] = row.layer;
    one["type"] = row.type;
    one["part"] = row.part;
    one["milliseconds"] = row.milliseconds;
    one["share"] = row.share;
    one["gflops"] = row.gflops;
    rows.push_back(std::move(one));
  }
  json["workload"] = profile.workload;
  json["metric"] = "profile";
  json["milliseconds"] = profile.milliseconds;
  json["limit"] = profile.limit;
  json["rows"] = std::move(rows);
  return spec::dump_json(json);
}

Result<Profile> profile(std::string_view workload, double seconds, const data::Dataset& dataset,
                        Pool& pool) {
  const std::string name(workload);
  if (std::ranges::find(kWorkloads, workload) == kWorkloads.end()) {
    return Problem{Code::bad_config, "There is no workload '" + name +
                                         "' to profile. Choose W1, W2, W3, W4 or my_net."};
  }
  const BenchOptions asked{name, "train", 1, seconds};
  if (Status valid = check(asked, dataset); !valid.ok()) return valid.problem();
  const double limit = product_limit(std::min(0.3, seconds), pool);
  const Workload w = workload_of(workload);
  Result<nn::Network> network = nn::Network::create(w.network, 1);
  if (!network.ok()) return network.problem();
  Profiler profiler(std::move(network).value(), w.train, dataset, pool);
  const auto run = [&](double wanted) {
    const Clock::time_point begin = Clock::now();
    do profiler.step();
    while (std::chrono::duration<double>(Clock::now() - begin).count() < wanted);
  };
  run(std::min(0.5, seconds));
  profiler.forget();
  run(seconds);
  return profiler.result(workload, limit);
}

}  // namespace engine::session
