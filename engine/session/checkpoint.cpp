#include "engine/session/checkpoint.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include "engine/core/hash.hpp"
#include "engine/io/bytes.hpp"
#include "engine/spec/json.hpp"

namespace engine::session {
namespace {

constexpr std::string_view kMagic = "ATELIER RUN\n";

// Visits every plain number of a state in the file's order; the same list serves reading and
// writing.
template <class State, class F>
void visit_numbers(State& s, const F& f) {
  f(s.data_count), f(s.data_hash);
  f(s.phase), f(s.ending), f(s.stopping);
  f(s.epoch), f(s.step);
  f(s.diverged_by), f(s.bad_step), f(s.bad_rate);
  f(s.epoch_mean.loss_sum), f(s.epoch_mean.correct), f(s.epoch_mean.samples);
  f(s.seconds), f(s.optimizer_steps);
  f(s.has_best), f(s.best_epoch), f(s.best_correct);
}

template <class Record, class F>
void visit_record(Record& r, const F& f) {
  f(r.epoch), f(r.step), f(r.train_loss), f(r.train_accuracy), f(r.validation_loss),
      f(r.validation_accuracy);
  f(r.learning_rate), f(r.best_epoch), f(r.weight_hash);
}

template <class State, class F>
void visit_tensors(State& s, const F& f) {
  f(s.parameters), f(s.buffers), f(s.moments), f(s.best_parameters), f(s.best_buffers);
}

template <class State, class F>
void visit_averages(State& s, const F& f) {
  f(s.average_parameters), f(s.average_buffers);
}

// Enumerations and switches travel as u32.
template <class T>
inline constexpr bool kAsU32 = std::is_enum_v<T> || std::is_same_v<T, bool>;

struct Put {
  io::Writer& out;
  template <class T>
  void operator()(const T& value) const {
    if constexpr (kAsU32<T>) {
      out.number(u32(value));
    } else {
      out.number(value);
    }
  }
};

struct Get {
  io::Reader& in;
  template <class T>
  void operator()(T& value) const {
    if constexpr (std::is_same_v<T, bool>) {
      value = in.number<u32>() != 0;
    } else if constexpr (kAsU32<T>) {
      value = T(in.number<u32>());
    } else {
      value = in.number<T>();
    }
  }
};

void put_text(io::Writer& out, std::string_view text) {
  out.number(u32(text.size()));
  out.text(text);
}

std::string_view get_text(io::Reader& in) { return in.text(in.number<u32>()); }

void get_floats(io::Reader& in, std::vector<f32>& values) {
  const std::span<const std::byte> bytes = in.take(u64(in.number<u32>()) * sizeof(f32));
  values.resize(bytes.size() / sizeof(f32));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
}

constexpr std::size_t kPlainBytes = 1024;  // at most, of all that is neither text nor list

// So that nothing moves while it is written: there is room for one copy of a run (train/fit.cpp).
std::size_t bytes_of_lists(const train::RunState& state) {
  std::size_t floats = 0;
  const auto add = [&](const std::vector<f32>& values) { floats += values.size(); };
  visit_tensors(state, add);
  visit_averages(state, add);
  return floats * sizeof(f32) + state.history.size() * sizeof(train::EpochRecord);
}

}  // namespace

std::vector<std::byte> write_checkpoint(const train::RunState& state) {
  const std::string network = spec::to_json(state.network), settings = spec::to_json(state.train);
  io::Writer out;
  out.reserve(network.size() + settings.size() + bytes_of_lists(state) + kPlainBytes);
  out.text(kMagic);
  out.number(kCheckpointVersion);
  const std::size_t hash_at = out.size();
  out.number(u64(0));  // the hash of what follows, once that is here
  put_text(out, network);
  put_text(out, settings);
  visit_numbers(state, Put{out});
  out.number(u32(state.history.size()));
  for (const train::EpochRecord& record : state.history) visit_record(record, Put{out});
  const auto put_floats = [&](const std::vector<f32>& values) {
    out.number(u32(values.size()));
    out.raw(std::as_bytes(std::span(values)));
  };
  visit_tensors(state, put_floats);
  visit_averages(state, put_floats);
  std::vector<std::byte> bytes = out.take();
  const u64 hash = hash_bytes(std::span(bytes).subspan(hash_at + sizeof(u64)));
  std::memcpy(bytes.data() + hash_at, &hash, sizeof hash);
  return bytes;
}

Result<train::RunState> read_checkpoint(std::span<const std::byte> bytes) {
  io::Reader in(bytes);
  if (in.text(kMagic.size()) != kMagic) {
    return Problem{
        Code::bad_file,
        "This is not a checkpoint of Atelier. Choose a file that a training run has saved."};
  }
  const u32 version = in.number<u32>();
  const u64 hash = in.number<u64>();
  if (in.ok() && (version < 1 || version > kCheckpointVersion)) {
    return Problem{Code::bad_file, "The checkpoint has version " + std::to_string(version) +
                                       ", this build reads up to " +
                                       std::to_string(kCheckpointVersion) +
                                       ". Resume with the build that made it."};
  }
  const Problem damaged{Code::bad_file,
                        "The checkpoint is damaged or cut off. Use an earlier one, or train anew."};
  if (!in.ok() || hash_bytes(bytes.subspan(std::size_t(in.position()))) != hash) return damaged;
  train::RunState state;
  Result<spec::Network> network = spec::network_from_json(get_text(in));
  if (!network.ok())
    return Problem{Code::bad_file, "In the checkpoint: " + network.problem().sentence};
  Result<spec::Train> config = spec::train_from_json(get_text(in));
  if (!config.ok())
    return Problem{Code::bad_file, "In the checkpoint: " + config.problem().sentence};
  state.network = std::move(network).value();
  state.train = std::move(config).value();
  visit_numbers(state, Get{in});
  const u32 records = in.number<u32>();
  for (u32 i = 0; i < records && in.ok(); ++i) visit_record(state.history.emplace_back(), Get{in});
  const auto get = [&](std::vector<f32>& values) { get_floats(in, values); };
  visit_tensors(state, get);
  if (version >= 2) visit_averages(state, get);
  if (!in.ok() || in.left() != 0) return damaged;
  return state;
}

}  // namespace engine::session
