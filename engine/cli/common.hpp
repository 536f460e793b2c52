// What the subcommands share. Each subcommand is one file: it adds itself to the application and
// returns what to run.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"
#include "engine/io/model_file.hpp"
#include "engine/spec/layers.hpp"

namespace engine::cli {

// The exit code, or the one sentence for stderr. Exit codes: 0 done, 1 a Problem, 2 wrong options,
// 130 interrupted.
using Outcome = Result<int>;
inline constexpr int kInterrupted = 130;  // what a shell reports for SIGINT
using Command = std::function<Outcome()>;

// Add a subcommand with its options. The command is called once, after parsing, if its subcommand
// was given.
Command add_train(CLI::App& app);
Command add_verify(CLI::App& app);
Command add_evaluate(CLI::App& app);
Command add_classify(CLI::App& app);
Command add_export(CLI::App& app);
Command add_grade(CLI::App& app);
Command add_bench(CLI::App& app);
Command add_lab(CLI::App& app);
Command add_pack_data(CLI::App& app);
Command add_sketch(CLI::App& app);

// A real number from low to high. CLI::Range alone lets NaN pass.
CLI::Validator between(double low, double high);

// "fashion-mnist", or a folder with four IDX files.
Result<data::Dataset> load_data(const std::string& name);

// A network of the zoo by its name, or a file with its spec as JSON.
Result<spec::Network> load_spec(const std::string& name_or_path);

// A file of weights.
Result<io::LoadedModel> load_weights(const std::string& path);

// The name of a class: the card's label, or its number.
std::string class_name(const io::ModelCard& card, int label);

// 0 becomes the number of threads of the machine, divided among the ranks.
int thread_count(int asked);

// "97.43"
std::string percent(double share);

// The command line for model cards: without the options that name files of one machine or the
// number of threads, and change no bit of the weights.
void remember_command_line(int count, char** arguments);
const std::string& command_line();

}  // namespace engine::cli
