// Writes a network in the format of another program. Programs that offer it (the worker, the
// command line, tests) hand this function to their session; the page's own module does not, and
// stays small.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/session/lab.hpp"

namespace engine::session {

struct ExportedFile {
  std::string name;
  std::vector<std::byte> bytes;
};

// `weights` are a file of weights; `images` the pixels of test images, 28 x 28 each, which become
// the goldens of a network for such images; `lab` part 1 of the hand-in. Code::bad_message for a
// format that is none, and those of io::load_any() and io::export_model().
using Exporter = std::function<Result<ExportedFile>(
    protocol::ExportFormat format, std::span<const std::byte> weights, std::span<const u8> images,
    const LabFiles& lab)>;

Result<ExportedFile> export_file(protocol::ExportFormat format, std::span<const std::byte> weights,
                                 std::span<const u8> images, const LabFiles& lab);

}  // namespace engine::session
