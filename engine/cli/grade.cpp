// grade: a folder of submissions on private images, as a ranked scoreboard.
#include <cstdio>
#include <ctime>

#include "engine/cli/board.hpp"
#include "engine/cli/common.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/printable.hpp"
#include "engine/data/files.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string submissions, data, baseline, csv, html, replay;
  int threads = 0;
  double seconds = 300, replay_seconds = 3600;
  u64 memory = 4096;  // MiB
};

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::localtime(&now));
  return text;
}

std::string file_name(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// To no file when none was asked for.
Status write_if_asked(const std::string& path, const std::string& text) {
  return path.empty() ? Status(Done{}) : data::write_text(path, text);
}

class Grading {
 public:
  explicit Grading(const Options& options) : options_(options) {}
  Outcome run();

 private:
  Status prepare();
  Status grade(const Submission& submission);
  Outcome publish();
  Limits limits(double seconds) const { return {seconds, options_.memory << 20}; }

  const Options& options_;
  Labelled images_;
  std::optional<data::Dataset> training_;  // that capsules are replayed on
  std::optional<analysis::Entry> baseline_;
  std::vector<analysis::Entry> entries_;
  Board board_;
};

Status Grading::prepare() {
  Result<Labelled> images = load_labelled(options_.data);
  if (!images.ok()) return images.problem();
  images_ = std::move(images).value();
  board_.data = images_.origin;
  board_.images = images_.count();
  board_.day = today();
  if (!options_.replay.empty()) {
    Result<data::Dataset> training = load_data(options_.replay);
    if (!training.ok()) return training.problem();
    training_ = std::move(training).value();
  }
  if (options_.baseline.empty()) return Done{};
  Result<Answers> answers = answers_of(options_.baseline, images_, thread_count(options_.threads),
                                       limits(options_.seconds));
  if (!answers.ok())
    return Problem{answers.problem().code, "The baseline: " + answers.problem().sentence};
  baseline_ = {options_.baseline, std::move(answers->labels)};
  board_.baseline = file_name(options_.baseline);
  board_.baseline_accuracy =
      analysis::rank(std::span(&*baseline_, 1), images_.labels, nullptr)[0].accuracy;
  return Done{};
}

// A failed Status is an interruption; what is wrong with a submission is noted, and the rest go on.
Status Grading::grade(const Submission& submission) {
  if (!submission.reason.empty()) {
    board_.broken.push_back({submission.name, submission.reason});
    return Done{};
  }
  const bool bare = submission.weights.empty();  // a capsule alone: its run gives the weights
  if (bare && !training_) {
    board_.broken.push_back({submission.name,
                             "It is a JSON file without weights. If it is a run's capsule, grade "
                             "with --replay, which does the run again."});
    return Done{};
  }
  const int threads = thread_count(options_.threads);
  Result<Answers> answers =
      bare ? answers_of_run(submission.capsule, training_->train, images_, threads,
                            limits(options_.replay_seconds))
           : answers_of(submission.weights, images_, threads, limits(options_.seconds));
  if (!answers.ok()) {
    if (answers.problem().code == Code::cancelled) return answers.problem();
    board_.broken.push_back({submission.name, answers.problem().sentence});
    return Done{};
  }
  const Proof proof = bare ? Proof{Proven::verified, {}}
                           : prove(submission, training_ ? &training_->train : nullptr, threads,
                                   limits(training_ ? options_.replay_seconds : options_.seconds));
  entries_.push_back({submission.name, std::move(answers->labels)});
  board_.graded.push_back({submission.name, answers->weights, proof});
  if (interrupted()) return Problem{Code::cancelled, "Interrupted."};
  return Done{};
}

Outcome Grading::publish() {
  board_.ranks = analysis::rank(entries_, images_.labels, baseline_ ? &*baseline_ : nullptr);
  std::fputs(terminal_text(board_).c_str(), stdout);
  if (Status written = write_if_asked(options_.csv, csv_text(board_)); !written.ok())
    return written.problem();
  if (Status written = write_if_asked(options_.html, html_page(board_)); !written.ok())
    return written.problem();
  return 0;
}

Outcome Grading::run() {
  const auto submissions = find_submissions(options_.submissions);
  if (!submissions.ok()) return submissions.problem();
  if (submissions->empty()) {
    return Problem{Code::not_found,
                   options_.submissions + " holds no submissions. Choose another folder."};
  }
  watch_interrupts();
  if (Status ready = prepare(); !ready.ok()) return ready.problem();
  Progress progress;
  std::size_t done = 0;
  for (const Submission& submission : *submissions) {
    progress.show("submission " + std::to_string(++done) + "/" +
                  std::to_string(submissions->size()) + "  " + printable(submission.name));
    if (Status graded = grade(submission); !graded.ok()) return graded.problem();
  }
  progress.clear();
  return publish();
}

}  // namespace

Command add_grade(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("grade", "Rank a folder of submissions on private labelled images.");
  auto options = std::make_shared<Options>();
  command
      ->add_option("submissions", options->submissions,
                   "folder: one file of weights each (NAME.json beside it is its capsule), a "
                   "capsule alone (with --replay), or one folder each")
      ->required();
  command
      ->add_option(
          "--data", options->data,
          "folder of a pair of IDX files, or of one folder of PNG or JPEG pictures a class")
      ->required();
  command->add_option("--baseline", options->baseline, "weights that earn no points");
  command->add_option("--csv", options->csv, "write the scoreboard to this CSV file");
  command->add_option("--html", options->html, "write it to this page");
  command->add_option("--replay", options->replay,
                      "replay capsules on the training images of fashion-mnist or of a folder");
  command->add_option("--time-limit", options->seconds, "seconds for one submission")
      ->capture_default_str()
      ->check(between(0.1, 1e6));
  command->add_option("--replay-limit", options->replay_seconds, "seconds for one replay")
      ->capture_default_str()
      ->check(between(0.1, 1e6));
  command->add_option("--memory-limit", options->memory, "MiB for one submission")
      ->capture_default_str()
      ->check(CLI::Range(256, 1 << 20));
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  return [options] { return Grading(*options).run(); };
}

}  // namespace engine::cli
