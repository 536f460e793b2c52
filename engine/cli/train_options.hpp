// spec::Train as command-line options, made from the same tables as its JSON and its checks.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace engine::cli {

class TrainOptions {
 public:
  // Adds --fraction, --epochs, --optimizer, --augment, ...
  explicit TrainOptions(CLI::App& command);

  // What was given, the rest by default; without --loss the one that suits the network's last
  // layer. Code::bad_config.
  Result<spec::Train> config(const spec::Network& network) const;

  // The name of an option that was given, or empty: with --resume none may be.
  std::string given() const;

 private:
  struct Values;
  std::shared_ptr<Values> values_;
  std::vector<const CLI::Option*> options_;
};

}  // namespace engine::cli
