// Bytes in, bytes out: one network and, if asked, one training run. The same class runs in the page
// (predictions of the current weights), in the worker (training), in a native thread and in tests.
// It knows no screen, no file and no clock but the monotonic one that rates are measured with.
#pragma once
#include <functional>
#include <memory>
#include <span>

#include "engine/core/types.hpp"
#include "engine/data/dataset.hpp"
#include "engine/session/exporter.hpp"
#include "engine/session/lab.hpp"

namespace engine::session {

class Session {
 public:
  // `out` receives one encoded Event (protocol/wire.hpp) at a time, valid during the call, from the
  // thread that calls receive() or tick().
  using Sink = std::function<void(std::span<const std::byte>)>;
  // Without a lab, its commands are refused.
  explicit Session(Sink out, std::unique_ptr<Lab> lab = nullptr);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One encoded Command. Any bytes are accepted: what is not a command is answered by Failed.
  void receive(std::span<const std::byte> bytes);

  // One packed chunk (data/packed.hpp), as if an AddData with id 0 had come, without copying it.
  void add_data(std::span<const std::byte> chunk);
  const data::Dataset& dataset() const;  // the images loaded so far

  Lab* lab();  // null: there is none

  // Without an exporter (exporter.hpp), files of other programs are refused.
  void use_exporter(Exporter exporter);

  // Works for about `milliseconds` (at least one training step) if there is work. True when there
  // is more to do.
  bool tick(f32 milliseconds);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::session
