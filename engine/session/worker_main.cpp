// The module of the worker: a session behind five C functions, and the entries of bench.html and
// selftest.html. Bytes go in through atelier_receive and atelier_add_data and come out through
// Module.onEvent(pointer, length), which copies them before it returns; JavaScript reads no field
// of either. Module.onNeedDigit(digit) asks for the images of one of the lab's digits.
#include <emscripten.h>

#include <memory>
#include <string>

#include "engine/core/hash.hpp"
#include "engine/session/bench.hpp"
#include "engine/session/profile.hpp"
#include "engine/session/session.hpp"
#include "engine/spec/json_reader.hpp"
#include "engine/train/golden_lab.hpp"

// clang-format off
EM_JS(void, atelier_post_event, (const void* bytes, unsigned length), {
  Module["onEvent"](bytes, length);
});
EM_JS(void, atelier_need_digit, (unsigned digit), {
  Module["onNeedDigit"](digit);
});
// clang-format on

namespace {

using engine::u32;
using engine::u8;

// Everything the module holds. The page's calls carry no handle, so it is one for each instance of
// the module.
struct Worker {
  engine::session::Session session{
      [](std::span<const std::byte> event) { atelier_post_event(event.data(), u32(event.size())); },
      engine::session::make_lab([](u32 digit) { atelier_need_digit(digit); })};
  std::string text;  // what the last call returned
  Worker() { session.use_exporter(engine::session::export_file); }
};

Worker& worker() {
  static Worker instance;
  return instance;
}

const char* give(std::string text) {
  worker().text = std::move(text);
  return worker().text.c_str();
}

// {"workload": "W3", "metric": "train", "threads": 2, "windows": 5, "seconds": 2}; all members
// optional. A profile looks at `workload` and `seconds` alone.
engine::Result<engine::session::BenchOptions> bench_options(const std::string& text, int& threads) {
  const auto json = engine::spec::parse_json(text, 4096, "The bench's options");
  if (!json.ok()) return json.problem();
  engine::Problem problem;
  engine::spec::JsonReader reader(*json, "", engine::Code::bad_config, problem);
  engine::session::BenchOptions options;
  auto seconds = engine::f32(options.seconds);
  reader.text("workload", options.workload);
  reader.text("metric", options.metric);
  reader.whole("threads", threads, 1, 64);
  reader.whole("windows", options.windows, 1, 100);
  reader.real("seconds", seconds, 0.01f, 600.0f);
  reader.refuse_others();
  options.seconds = double(seconds);
  if (problem.code != engine::Code::none) return problem;
  return options;
}

// Adds a line for each figure.
engine::Status measure(const engine::session::BenchOptions& options, int threads,
                       std::string& lines) {
  const engine::data::Dataset& dataset = worker().session.dataset();
  engine::Pool pool(threads);
  if (options.metric != "profile") {
    return engine::session::run_bench(options, dataset, pool, [&](const auto& figure) {
      lines += engine::session::to_json(figure) + "\n";
    });
  }
  const auto profile = engine::session::profile(options.workload, options.seconds, dataset, pool);
  if (!profile.ok()) return profile.problem();
  lines += engine::session::to_json(*profile) + "\n";
  return engine::Done{};
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE u8* atelier_alloc(u32 bytes) { return new u8[bytes]; }
EMSCRIPTEN_KEEPALIVE void atelier_free(u8* bytes) { delete[] bytes; }

// One encoded Command; the bytes stay the caller's.
EMSCRIPTEN_KEEPALIVE void atelier_receive(u8* bytes, u32 length) {
  worker().session.receive(std::as_bytes(std::span<const u8>(bytes, length)));
}

// One inflated chunk of the data set; the bytes stay the caller's. Answered by DataAdded or Failed
// with id 0.
EMSCRIPTEN_KEEPALIVE void atelier_add_data(u8* bytes, u32 length) {
  worker().session.add_data(std::as_bytes(std::span<const u8>(bytes, length)));
}

// What Module.onNeedDigit(digit) asked for: one inflated chunk, the bytes stay the caller's; or why
// it cannot be had.
EMSCRIPTEN_KEEPALIVE void atelier_add_digit(u8* bytes, u32 length) {
  worker().session.lab()->add_digit(std::as_bytes(std::span<const u8>(bytes, length)));
}
EMSCRIPTEN_KEEPALIVE void atelier_digits_failed(const char* sentence) {
  worker().session.lab()->digits_failed(sentence);
}

// 1 when there is more to do.
EMSCRIPTEN_KEEPALIVE int atelier_tick(float milliseconds) {
  return worker().session.tick(milliseconds) ? 1 : 0;
}

// Runs the bench, or for the metric "profile" the profile of one workload, to its end on the
// session's images. Returns the figures, one JSON line each, or {"error": …} in the last line. The
// text is valid until the next call.
EMSCRIPTEN_KEEPALIVE const char* atelier_bench(const char* json) {
  int threads = 1;
  const auto options = bench_options(json, threads);
  std::string lines;
  const engine::Status status =
      options.ok() ? measure(*options, threads, lines) : engine::Status(options.problem());
  if (status.ok()) return give(lines);
  engine::spec::Json error;
  error["error"] = status.problem().sentence;
  return give(lines + engine::spec::dump_json(error) + "\n");
}

// The golden lines, "name hash" each (engine/train/golden.hpp, golden_lab.hpp). The text is valid
// until the next call.
EMSCRIPTEN_KEEPALIVE const char* atelier_golden(int threads) {
  std::string lines;
  const auto add = [&](const std::vector<engine::train::GoldenLine>& some) {
    for (const auto& line : some) lines += line.name + " " + engine::hex(line.hash) + "\n";
  };
  add(engine::train::golden_run(threads));
  add(engine::train::golden_lab_run(threads));
  return give(lines);
}

}  // extern "C"
