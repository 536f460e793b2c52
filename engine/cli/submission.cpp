#include "engine/cli/submission.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>

#include "engine/cli/replay.hpp"
#include "engine/data/permutation.hpp"
#include "engine/io/bytes.hpp"
#include "engine/nn/predict.hpp"

namespace engine::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 10'000;
constexpr std::array<std::string_view, 5> kWeightEndings = {".safetensors", ".pt", ".pth", ".onnx",
                                                            ".npz"};

bool is_weights(const fs::path& path) {
  const std::string ending = path.extension().string();
  return std::find(kWeightEndings.begin(), kWeightEndings.end(), ending) != kWeightEndings.end();
}

// Not through links, which may lead to the private data or to a device.
bool is_plain(const fs::path& path, fs::file_type type) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == type;
}

Result<std::vector<fs::path>> list(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().starts_with(".")) continue;
    paths.push_back(at->path());
    if (paths.size() > kMaxEntries)
      return Problem{Code::too_large, folder.string() + " has more than " +
                                          std::to_string(kMaxEntries) + " entries."};
  }
  if (error) {
    return Problem{Code::not_found,
                   folder.string() + " cannot be read as a folder: " + error.message() + "."};
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Submission from_folder(const fs::path& folder) {
  Submission found{.name = folder.filename().string(), .weights = {}, .capsule = {}, .reason = {}};
  const auto files = list(folder);
  if (!files.ok()) {
    found.reason = "The folder cannot be read, or has too many entries.";
    return found;
  }
  int weights = 0, capsules = 0;
  for (const fs::path& path : *files) {
    if (!is_plain(path, fs::file_type::regular)) continue;
    if (is_weights(path)) {
      ++weights;
      found.weights = path.string();
    } else if (path.extension() == ".json") {
      ++capsules;
      found.capsule = path.string();
    }
  }
  if (weights == 0 && capsules == 1) return found;
  if (weights != 1) {
    found.reason =
        "The folder holds " + std::to_string(weights) + " files of weights; a submission has one.";
  } else if (capsules > 1) {
    found.reason = "The folder holds " + std::to_string(capsules) +
                   " JSON files; the capsule of the run must be the only one.";
  }
  return found;
}

std::vector<std::byte> packed(const Result<Answers>& answers) {
  io::Writer out;
  out.number(u32(answers.ok() ? Code::none : answers.problem().code));
  if (answers.ok()) {
    out.number(answers->weights);
    out.number(answers->hash);
    out.raw(std::as_bytes(std::span(answers->labels)));
  } else {
    out.text(answers.problem().sentence);
  }
  return out.take();
}

Result<Answers> unpacked(std::span<const std::byte> bytes, int images) {
  io::Reader in(bytes);
  const Code code = Code(in.number<u32>());
  if (in.ok() && code != Code::none) return Problem{code, std::string(in.text(in.left()))};
  Answers answers;
  answers.weights = in.number<u64>();
  answers.hash = in.number<u64>();
  if (!in.ok() || in.left() != u64(images))
    return Problem{Code::bad_file, "Its answers came to an early end."};
  for (const std::byte b : in.take(in.left())) answers.labels.push_back(u8(b));
  return answers;
}

// One label for each image, its pixels in the order that the network was trained with.
std::vector<u8> labels_by(nn::Network& network, u32 permute, const Labelled& images, Pool& pool) {
  constexpr int kBatch = 64;
  const std::size_t area = images.shape.size();
  const data::Permutation permutation(permute, area);
  std::vector<f32> x(std::size_t(kBatch) * area), scratch(area);
  std::vector<u8> labels(std::size_t(images.count()));
  for (int at = 0; at < images.count(); at += kBatch) {
    const std::size_t n = std::size_t(std::min(kBatch, images.count() - at));
    std::copy_n(images.batch(at, int(n)).data, n * area, x.begin());
    permutation.apply(std::span(x).first(n * area), scratch);
    nn::predict(network, pool, {x.data(), int(n), images.shape}, kBatch,
                std::span(labels).subspan(std::size_t(at), n), {});
  }
  return labels;
}

Result<Answers> answers_by(nn::Network& network, u32 permute, const Labelled& images, Pool& pool) {
  if (network.spec().input != images.shape) {
    return Problem{Code::bad_spec,
                   "The network is made for images of another size than the private ones."};
  }
  const u8 top = *std::max_element(images.labels.begin(), images.labels.end());
  if (std::max(2, network.classes()) <= int(top)) {
    return Problem{Code::bad_spec, "The network tells only " + std::to_string(network.classes()) +
                                       " classes apart, the private data has label " +
                                       std::to_string(top) + "."};
  }
  Answers answers;
  answers.weights = network.facts().weights;
  answers.hash = network.weight_hash();
  answers.labels = labels_by(network, permute, images, pool);
  return answers;
}

Result<Answers> run(const std::string& path, const Labelled& images, int threads) {
  auto model = load_weights(path);
  if (!model.ok()) return model.problem();
  Pool pool(threads);
  return answers_by(model->network, io::permute_of(model->card), images, pool);
}

Result<Answers> run_again(const std::string& path, const data::Images& training,
                          const Labelled& images, int threads) {
  const auto capsule = load_capsule(path, {});
  if (!capsule.ok()) return capsule.problem();
  Pool pool(threads);
  const auto trainer = session::begin_replay(*capsule, training, pool);
  if (!trainer.ok()) return trainer.problem();
  if (const auto difference = redo(*capsule, **trainer))
    return Problem{Code::bad_file, difference->sentence};
  const nn::Network& left = (*trainer)->network();
  nn::Network network = std::move(nn::Network::create(left.spec(), 0)).value();
  network.copy_weights(left);
  return answers_by(network, capsule->train.permute, images, pool);
}

}  // namespace

Result<std::vector<Submission>> find_submissions(const std::string& folder) {
  const auto entries = list(folder);
  if (!entries.ok()) return entries.problem();
  std::vector<Submission> found;
  for (const fs::path& path : *entries) {
    if (is_plain(path, fs::file_type::directory)) {
      found.push_back(from_folder(path));
      continue;
    }
    Submission one{.name = path.filename().string(), .weights = {}, .capsule = {}, .reason = {}};
    fs::path capsule = path;
    capsule.replace_extension(".json");
    if (!is_plain(path, fs::file_type::regular)) {
      one.reason = "It is a link or a device, not a file.";
    } else if (is_weights(path)) {
      one.weights = path.string();
      if (is_plain(capsule, fs::file_type::regular)) one.capsule = capsule.string();
    } else if (path.extension() == ".json") {
      const bool beside = std::any_of(entries->begin(), entries->end(), [&](const fs::path& other) {
        return is_weights(other) && other.stem() == path.stem();
      });
      if (beside) continue;  // the capsule of another entry
      one.capsule = path.string();
    } else {
      one.reason = "It is no file of weights. The ending must be .safetensors, .pt, .onnx or .npz.";
    }
    found.push_back(std::move(one));
  }
  return found;
}

Result<Answers> answers_of(const std::string& weights, const Labelled& images, int threads,
                           const Limits& limits) {
  const auto bytes = isolated(limits, [&] { return packed(run(weights, images, threads)); });
  if (!bytes.ok()) return bytes.problem();
  return unpacked(*bytes, images.count());
}

Result<Answers> answers_of_run(const std::string& capsule, const data::Images& training,
                               const Labelled& images, int threads, const Limits& limits) {
  const auto bytes =
      isolated(limits, [&] { return packed(run_again(capsule, training, images, threads)); });
  if (!bytes.ok()) return bytes.problem();
  return unpacked(*bytes, images.count());
}

}  // namespace engine::cli
