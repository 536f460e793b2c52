#include "engine/cli/board.hpp"

#include <algorithm>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/cli/printable.hpp"

namespace engine::cli {
namespace {

constexpr const char* kColumns =
    "place,submission,points,accuracy,low,high,correct,images,p_above,tied_with_above,p_baseline,"
    "weights,capsule,remark\n";

std::size_t columns(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > columns(text) ? width - columns(text) : 0, ' ');
}

// A spreadsheet takes a field that begins like a formula for one, so it gets an apostrophe.
std::string csv_field(const std::string& text) {
  std::string field = printable(text);
  if (!field.empty() && std::string_view("=+-@").find(field[0]) != std::string_view::npos)
    field = "'" + field;
  if (field.find_first_of(",\"") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string exact(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

const char* proven_word(Proven proven) {
  switch (proven) {
    case Proven::nothing:
      return "";
    case Proven::claimed:
      return "claimed";
    case Proven::verified:
      return "verified";
    case Proven::refuted:
      return "refuted";
  }
  return "";
}

}  // namespace

std::string terminal_text(const Board& board) {
  std::size_t width = 10;
  for (const Graded& one : board.graded) width = std::max(width, columns(printable(one.name)));
  for (const Broken& one : board.broken) width = std::max(width, columns(printable(one.name)));
  std::string text = "Graded on " + printable(board.data) + ".\n";
  if (board.baseline_accuracy) {
    text += "Baseline " + printable(board.baseline) + ": " +
            percent(board.baseline_accuracy->value) + " %.\n";
  }
  text += "\nplace  points  " + padded("submission", width) +
          "  accuracy  95 % interval    against the place above\n";
  for (const analysis::Ranked& row : board.ranks) {
    const Graded& one = board.graded[row.entry];
    char line[64];
    std::snprintf(line, sizeof line, "%5d  %6d  ", row.place, row.points);
    text += line + padded(printable(one.name), width);
    std::snprintf(line, sizeof line, "  %6s %%  %6s to %6s", percent(row.accuracy.value).c_str(),
                  percent(row.accuracy.low).c_str(), percent(row.accuracy.high).c_str());
    text += line;
    if (row.place > 1) {
      std::snprintf(line, sizeof line, "  %s (p = %.2g)", row.tied_above ? "tie" : "worse",
                    row.versus_above);
      text += line;
    }
    if (one.proof.proven != Proven::nothing)
      text += std::string("  capsule ") + proven_word(one.proof.proven);
    if (one.proof.proven == Proven::refuted) text += ": " + printable(one.proof.remark);
    text += "\n";
  }
  for (const Broken& one : board.broken)
    text += "    -       -  " + padded(printable(one.name), width) +
            "  broken: " + printable(one.reason) + "\n";
  text +=
      "\nEqual accuracy shares a place and its points. \"tie\": the difference to the best of the "
      "place above may be\nluck (exact McNemar test on the same images, p >= 0.05).\n";
  return text;
}

std::string csv_text(const Board& board) {
  std::string text = kColumns;
  for (const analysis::Ranked& row : board.ranks) {
    const Graded& one = board.graded[row.entry];
    text += std::to_string(row.place) + "," + csv_field(one.name) + "," +
            std::to_string(row.points) + "," + exact(row.accuracy.value) + "," +
            exact(row.accuracy.low) + "," + exact(row.accuracy.high) + "," +
            std::to_string(row.correct) + "," + std::to_string(board.images) + ",";
    if (row.place > 1) text += exact(row.versus_above);
    text += row.tied_above ? ",yes," : ",no,";
    if (row.versus_baseline) text += exact(*row.versus_baseline);
    text += "," + std::to_string(one.weights) + "," + proven_word(one.proof.proven) + "," +
            csv_field(one.proof.remark) + "\n";
  }
  for (const Broken& one : board.broken)
    text += "," + csv_field(one.name) + ",,,,,,,,,,,," + csv_field(one.reason) + "\n";
  return text;
}

}  // namespace engine::cli
