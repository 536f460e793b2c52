#include <cstdio>

#include "engine/cli/board.hpp"
#include "engine/cli/common.hpp"
#include "engine/cli/printable.hpp"

namespace engine::cli {
namespace {

constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Scoreboard</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --bar: #3b7dd8; --soft: #3b7dd844; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  caption { text-align: left; padding-bottom: .5rem; }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .bar { position: relative; width: 10rem; height: .8rem; margin-top: .4rem; background: #8882; }
  .bar i { position: absolute; top: 0; bottom: 0; background: var(--soft); }
  .bar b { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--bar); }
  .name { overflow-wrap: anywhere; }
</style>
)";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string number(const std::string& text) { return "<td class=\"number\">" + text + "</td>"; }

// The interval as a band, the accuracy as a line in it.
std::string bar(const analysis::Share& share) {
  char text[160];
  std::snprintf(text, sizeof text,
                "<div class=\"bar\" aria-hidden=\"true\"><i style=\"left:%.2f%%;width:%.2f%%\"></i>"
                "<b style=\"left:%.2f%%\"></b></div>",
                100 * share.low, 100 * (share.high - share.low), 100 * share.value);
  return text;
}

std::string versus(const analysis::Ranked& row) {
  if (row.place == 1) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%s (p = %.2g)", row.tied_above ? "tie" : "worse",
                row.versus_above);
  return text;
}

std::string proof(const Proof& proof) {
  switch (proof.proven) {
    case Proven::nothing:
      return "";
    case Proven::claimed:
      return "claimed";
    case Proven::verified:
      return "<strong>✓ verified</strong>";
    case Proven::refuted:
      return "✗ refuted: " + escaped(proof.remark);
  }
  return "";
}

std::string row_html(const Board& board, const analysis::Ranked& row) {
  const Graded& one = board.graded[row.entry];
  return "<tr>" + number(std::to_string(row.place)) + number(std::to_string(row.points)) +
         "<th scope=\"row\" class=\"name\">" + escaped(one.name) + "</th>" +
         number(percent(row.accuracy.value) + " %") +
         number(percent(row.accuracy.low) + " to " + percent(row.accuracy.high)) + "<td>" +
         bar(row.accuracy) + "</td><td>" + versus(row) + "</td>" +
         number(std::to_string(one.weights)) + "<td>" + proof(one.proof) + "</td></tr>\n";
}

std::string broken_html(const Board& board) {
  if (board.broken.empty()) return "";
  std::string text =
      "<h2>Not graded</h2>\n<div class=\"wide\"><table>\n<tr><th scope=\"col\">Submission</th>"
      "<th scope=\"col\">Reason</th></tr>\n";
  for (const Broken& one : board.broken) {
    text += "<tr><th scope=\"row\" class=\"name\">" + escaped(one.name) + "</th><td>" +
            escaped(one.reason) + "</td></tr>\n";
  }
  return text + "</table></div>\n";
}

}  // namespace

std::string html_page(const Board& board) {
  std::string text = std::string(kHead) + "<h1>Scoreboard</h1>\n<p>Graded on " +
                     escaped(board.data) + ", " + escaped(board.day) + ".";
  if (board.baseline_accuracy) {
    text += " Baseline " + escaped(board.baseline) + ": " +
            percent(board.baseline_accuracy->value) + " % (95 % interval " +
            percent(board.baseline_accuracy->low) + " to " +
            percent(board.baseline_accuracy->high) + ").";
  }
  text +=
      "</p>\n<div class=\"wide\"><table>\n<caption>16, 14, 12 and 10 points for places 1 to 4, 8 "
      "above the baseline, 0 for the others.</caption>\n<tr>";
  for (const char* column : {"Place", "Points", "Submission", "Accuracy", "95 % interval", "",
                             "Against the place above", "Weights", "Capsule"})
    text += std::string("<th scope=\"col\">") + column + "</th>";
  text += "</tr>\n";
  for (const analysis::Ranked& row : board.ranks) text += row_html(board, row);
  return text + "</table></div>\n" + broken_html(board) +
         "<p>Equal accuracy shares a place and its points. <em>Tie</em>: the difference to the "
         "best of the place above may be luck (exact McNemar test on the same images, p ≥ 0.05). "
         "Intervals are Wilson's. A capsule is <em>verified</em> when its run was done again and "
         "gave these weights bit for bit; <em>claimed</em> when it was not done again.</p>\n"
         "</html>\n";
}

}  // namespace engine::cli
