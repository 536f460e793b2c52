#include "engine/analysis/scoreboard.hpp"

#include <algorithm>
#include <array>

#include "engine/analysis/mcnemar.hpp"
#include "engine/core/check.hpp"

namespace engine::analysis {
namespace {

constexpr std::array kPlacePoints = {16, 14, 12, 10};
constexpr int kAbovePoints = 8;

u64 count_correct(const Entry& entry, std::span<const u8> truth) {
  ENSURE(entry.answers.size() == truth.size(), "an entry answers every image");
  u64 correct = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) correct += u64(entry.answers[i] == truth[i]);
  return correct;
}

int points_of(int place) {
  return place <= int(kPlacePoints.size()) ? kPlacePoints[std::size_t(place - 1)] : kAbovePoints;
}

}  // namespace

std::vector<Ranked> rank(std::span<const Entry> entries, std::span<const u8> truth,
                         const Entry* baseline) {
  std::vector<Ranked> board;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Ranked row;
    row.entry = i;
    row.correct = count_correct(entries[i], truth);
    row.accuracy = wilson(row.correct, truth.size());
    board.push_back(row);
  }
  std::sort(board.begin(), board.end(), [&](const Ranked& a, const Ranked& b) {
    return a.correct != b.correct ? a.correct > b.correct
                                  : entries[a.entry].name < entries[b.entry].name;
  });
  const u64 bar = baseline ? count_correct(*baseline, truth) : 0;
  std::size_t first = 0, above = 0;  // of this place, and of the next better one
  for (std::size_t i = 0; i < board.size(); ++i) {
    Ranked& row = board[i];
    if (row.correct != board[first].correct) {
      above = first;
      first = i;
    }
    row.place = int(first) + 1;
    row.points = baseline == nullptr || row.correct > bar ? points_of(row.place) : 0;
    const std::span<const u8> answers = entries[row.entry].answers;
    if (first > 0) {
      row.versus_above = mcnemar(entries[board[above].entry].answers, answers, truth);
      row.tied_above = row.versus_above >= kTie;
    }
    if (baseline) row.versus_baseline = mcnemar(baseline->answers, answers, truth);
  }
  return board;
}

}  // namespace engine::analysis
