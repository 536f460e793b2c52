// The scoreboard of `grade` as text for a terminal, CSV and one HTML page.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/analysis/scoreboard.hpp"
#include "engine/cli/proof.hpp"

namespace engine::cli {

// A submission that answered, in the order of its Entry.
struct Graded {
  std::string name;
  u64 weights = 0;
  Proof proof;
};

struct Broken {
  std::string name, reason;
};

struct Board {
  std::string data;  // what was graded on
  std::string day;   // "2026-11-24"
  int images = 0;
  std::vector<Graded> graded;
  std::vector<analysis::Ranked> ranks;
  std::vector<Broken> broken;
  std::string baseline;  // file name, or empty: nobody is below
  std::optional<analysis::Share> baseline_accuracy;
};

std::string terminal_text(const Board& board);
std::string csv_text(const Board& board);   // columns: see the first line
std::string html_page(const Board& board);  // without scripts, pictures or anything from elsewhere

}  // namespace engine::cli
