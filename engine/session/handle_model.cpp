// Commands about the network in use: load, make, save, predict.
#include <algorithm>
#include <array>
#include <thread>

#include "engine/core/wait.hpp"
#include "engine/io/load.hpp"
#include "engine/kernels/image.hpp"
#include "engine/kernels/tile.hpp"
#include "engine/nn/loss.hpp"
#include "engine/nn/predict.hpp"
#include "engine/session/card.hpp"
#include "engine/session/state.hpp"
#include "engine/session/version.hpp"
#include "engine/spec/json.hpp"

namespace engine::session {
namespace {

constexpr u32 kMaxThreads = 64;

int machine_threads() {
  return ENGINE_HAS_THREADS ? std::max(1, int(std::thread::hardware_concurrency())) : 1;
}

// One row for each class, whatever the network: one output p stands for the classes {1 - p, p}.
std::vector<f32> class_probabilities(nn::Network& network, Pool& pool,
                                     std::span<const f32> pixels) {
  std::vector<f32> p(std::size_t(network.classes()));
  u8 label = 0;
  nn::predict(network, pool, {pixels.data(), 1, network.spec().input}, 1, {&label, 1}, p);
  if (p.size() == 1) p.insert(p.begin(), 1.0f - p[0]);
  return p;
}

// Whether the tail holds a grey image of that size, no side longer than `most`.
bool holds_image(u32 width, u32 height, u32 most, std::size_t tail) {
  return width >= 1 && height >= 1 && width <= most && height <= most &&
         tail == std::size_t(width) * height;
}

}  // namespace

void Session::State::handle(u32 id, const protocol::Hello& command, Tail) {
  if (refuse_during_run(id)) return;
  if (!evaluating.empty())
    return fail(id, Code::wrong_state, "An evaluation is going on. Wait until it is done.");
  if (run) {  // it is finished, and borrows the pool
    io::ModelCard with = card();
    use(std::move(run->trainer->network()), std::move(with));
  }
  const int threads =
      command.threads == 0 ? machine_threads() : int(std::min(command.threads, kMaxThreads));
  pool = std::make_unique<Pool>(threads);
  send(
      id,
      protocol::Welcome{u32(pool->threads()), u32(ENGINE_HAS_THREADS), u32(kernels::tiles().lanes)},
      bytes_of(kVersion));
}

void Session::State::handle(u32 id, const protocol::LoadModel&, Tail tail) {
  if (refuse_during_run(id)) return;
  Result<io::LoadedModel> model = io::load_any(tail);
  if (!model.ok()) return fail(id, model.problem());
  use(std::move(model->network), std::move(model->card));
  send_model_loaded(id);
}

void Session::State::handle(u32 id, const protocol::NewNetwork& command, Tail tail) {
  if (refuse_during_run(id)) return;
  const Result<spec::Network> spec = spec::network_from_json(text_of(tail));
  if (!spec.ok()) return fail(id, spec.problem());
  const u64 seed = u64(command.seed_high) << 32 | command.seed_low;
  Result<nn::Network> made = nn::Network::create(*spec, seed);
  if (!made.ok()) return fail(id, made.problem());
  io::ModelCard with = untrained_card(*made, seed);
  use(std::move(made).value(), std::move(with));
  send_model_loaded(id);
}

void Session::State::use(nn::Network replacement, io::ModelCard with) {
  network.emplace(std::move(replacement));
  loaded_card = std::move(with);
  run.reset();
}

void Session::State::send_model_loaded(u32 id) {
  const nn::Network& now = *current();
  const u64 hash = now.weight_hash();
  send(id, protocol::ModelLoaded{u32(now.facts().weights), low32(hash), high32(hash)},
       bytes_of(spec::to_json(now.spec())));
}

io::ModelCard Session::State::card() const { return run ? card_of(*run->trainer) : loaded_card; }

void Session::State::handle(u32 id, const protocol::GetModel& command, Tail) {
  const nn::Network* now = current();
  if (now == nullptr)
    return fail(id, Code::wrong_state, "There is no network to save. Make or load one first.");
  const auto precision = command.half != 0 ? io::Precision::half : io::Precision::full;
  Result<Bytes> file = io::save_model(*now, card(), precision);
  if (!file.ok()) return fail(id, file.problem());
  const u64 hash = now->weight_hash();
  send(id, protocol::ModelFile{low32(hash), high32(hash)}, std::move(file).value());
}

void Session::State::handle(u32 id, const protocol::Predict& command, Tail tail) {
  const Clock::time_point start = Clock::now();
  const bool exact = command.kind == protocol::ImageKind::exact;
  const u32 side = exact ? u32(kernels::kImageSide) : u32(kernels::kMaxRasterSide);
  const bool sizes = holds_image(command.width, command.height, side, tail.size()) &&
                     (!exact || (command.width == side && command.height == side)) &&
                     command.kind <= protocol::ImageKind::exact;
  if (!sizes) {
    return fail(id, Code::bad_message,
                "An image has 1 to 4096 pixels a side (exactly 28 x 28 for a test image).");
  }
  nn::Network* now = current();
  if (now == nullptr)
    return fail(id, Code::wrong_state, "There is no network yet. Make or load one first.");
  if (now->spec().input != Shape{1, kernels::kImageSide, kernels::kImageSide}) {
    return fail(
        id, Code::bad_spec,
        "Drawings are 28 x 28 pixels, this network expects others. Set its input to 1 x 28 x 28.");
  }
  std::array<f32, kernels::kImageSize> seen{};
  bool drawn = true;
  const auto* pixels = reinterpret_cast<const u8*>(tail.data());
  if (exact) {
    std::transform(pixels, pixels + seen.size(), seen.begin(), data::pixel_value);
  } else {
    drawn = kernels::preprocess_image({pixels, int(command.width), int(command.height)}, seen);
  }
  std::vector<f32> p(std::size_t(std::max(2, now->classes())));
  if (drawn) p = class_probabilities(*now, *pool, seen);
  const u32 best = drawn ? u32(std::max_element(p.begin(), p.end()) - p.begin()) : u32(p.size());
  Bytes answer;
  append(answer, std::as_bytes(std::span(p)));
  append(answer, std::as_bytes(std::span(seen)));
  const f32 took = std::chrono::duration<f32, std::milli>(Clock::now() - start).count();
  const u32 sure = u32(drawn && nn::is_sure(p));
  send(id, protocol::Prediction{u32(p.size()), best, u32(!drawn), sure, took}, std::move(answer));
}

void Session::State::handle(u32 id, const protocol::GetSteps& command, Tail tail) {
  if (!holds_image(command.width, command.height, u32(kernels::kMaxRasterSide), tail.size()))
    return fail(id, Code::bad_message, "An image has 1 to 4096 pixels a side.");
  const auto* pixels = reinterpret_cast<const u8*>(tail.data());
  const kernels::Steps steps =
      kernels::preprocessing_steps({pixels, int(command.width), int(command.height)});
  Bytes answer;
  append(answer, std::as_bytes(std::span(steps.reduced)));
  append(answer, std::as_bytes(std::span(steps.ink)));
  append(answer, std::as_bytes(std::span(steps.fitted)));
  append(answer, std::as_bytes(std::span(steps.prepared)));
  const kernels::Box& box = steps.box;
  send(id,
       protocol::Steps{u32(steps.width), u32(steps.height), u32(steps.ground.level),
                       u32(steps.ground.noise), u32(steps.ground.even), u32(steps.dark_on_light),
                       u32(steps.white), u32(box.x), u32(box.y), u32(box.width), u32(box.height)},
       std::move(answer));
}

}  // namespace engine::session
