// atelier-cli: the engine without the page. One sentence on stderr for every mistake of the user.
#include <cstdio>
#include <utility>
#include <vector>

#include "engine/cli/common.hpp"
#include "engine/cli/printable.hpp"
#include "engine/cli/ranks.hpp"
#include "engine/session/version.hpp"

namespace {

using engine::cli::Command;
using engine::cli::printable;

int run(const std::vector<std::pair<CLI::App*, Command>>& commands) {
  for (const auto& [subcommand, command] : commands) {
    if (!subcommand->parsed()) continue;
    const engine::cli::Ranks* ranks = engine::cli::ranks();
    const int rank = ranks ? ranks->rank() : 0;
    if (rank > 0 && subcommand->get_name() != "train") return 0;  // only training is dealt
    const engine::cli::Outcome outcome = command();
    if (outcome.ok()) return *outcome;
    const std::string who = rank > 0 ? "rank " + std::to_string(rank) + ": " : "";
    std::fprintf(stderr, "atelier: %s%s\n", who.c_str(),
                 printable(outcome.problem().sentence).c_str());
    return outcome.problem().code == engine::Code::cancelled ? engine::cli::kInterrupted : 1;
  }
  return 2;
}

int parse_and_run(int count, char** arguments) {
  engine::cli::remember_command_line(count, arguments);
  CLI::App app("Trains, evaluates and runs Atelier's networks.", "atelier");
  app.set_version_flag("--version", engine::session::kVersion);
  app.require_subcommand(1);
  const std::pair<const char*, Command (*)(CLI::App&)> all[] = {
      {"train", engine::cli::add_train},         {"verify", engine::cli::add_verify},
      {"evaluate", engine::cli::add_evaluate},   {"classify", engine::cli::add_classify},
      {"export", engine::cli::add_export},       {"grade", engine::cli::add_grade},
      {"bench", engine::cli::add_bench},         {"lab", engine::cli::add_lab},
      {"pack-data", engine::cli::add_pack_data}, {"sketch", engine::cli::add_sketch}};
  std::vector<std::pair<CLI::App*, Command>> commands;
  for (const auto& [name, add] : all) {
    Command command = add(app);
    commands.emplace_back(app.get_subcommand(name), std::move(command));
  }
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(
        stderr, "atelier: %s. `atelier%s --help` lists what there is.\n",
        printable(error.what()).c_str(),
        app.get_subcommands().empty() ? "" : (" " + app.get_subcommands()[0]->get_name()).c_str());
    return 2;
  }
  return run(commands);
}

// The exit code to be: of what was to be printed, on a full disk nothing may be there.
int after_output(int code) {
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (code != 0 || written) return code;
  std::fprintf(stderr, "atelier: What was to be printed could not be written. Is a disk full?\n");
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  const bool joined = engine::cli::join_ranks();
  const int code = joined ? parse_and_run(count, arguments) : 2;
  return engine::cli::leave_ranks(after_output(code));
}
