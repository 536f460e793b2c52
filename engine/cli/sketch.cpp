// sketch: what the training images can be extended with, as IDX files and as a sheet to look at.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/replay.hpp"
#include "engine/core/pool.hpp"
#include "engine/data/files.hpp"
#include "engine/lab/canvas.hpp"
#include "engine/sketch/garments.hpp"
#include "engine/sketch/studio.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string out, data = "fashion-mnist";
  std::vector<std::string> kinds;
  std::vector<u32> classes;
  u32 count = 200, first = 0;
  u64 seed = 1;
  int threads = 0, columns = 20, zoom = 3, shown = 600;
};

struct Made {
  std::vector<u8> pixels, labels;
  double seconds = 0;
};

std::string kind_names() {
  std::string all;
  for (std::string_view name : sketch::kKindNames)
    all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

Result<sketch::Kind> kind_named(const std::string& name) {
  const auto at = std::find(sketch::kKindNames.begin(), sketch::kKindNames.end(), name);
  if (at != sketch::kKindNames.end()) return sketch::Kind(at - sketch::kKindNames.begin());
  return Problem{Code::bad_config,
                 "There is no kind '" + name + "'. Choose among " + kind_names() + "."};
}

// The images of the classes that were asked for.
std::vector<u32> sources(const data::Images& images, const Options& options) {
  std::vector<u32> ids;
  for (u32 i = 0; i < images.count(); ++i) {
    const u32 label = images.labels[i];
    if (std::find(options.classes.begin(), options.classes.end(), label) != options.classes.end())
      ids.push_back(i);
  }
  return ids;
}

Made make(const Options& options, sketch::Kind kind, const data::Images& images, Pool& pool) {
  constexpr u32 kGroup = 16;
  Made made;
  made.pixels.resize(std::size_t(options.count) * sketch::kArea);
  made.labels.resize(options.count);
  const std::vector<u32> ids = sources(images, options);
  std::vector<sketch::Studio> studios(std::size_t(pool.threads()));
  const auto start = std::chrono::steady_clock::now();
  const auto group = [&](int task, int worker) {
    std::array<f32, sketch::kArea> x;
    for (u32 i = u32(task) * kGroup; i < std::min(options.count, u32(task + 1) * kGroup); ++i) {
      const u32 index = options.first + i;
      u32 label = options.classes[index % options.classes.size()];
      std::span<const u8> image;
      if (kind < sketch::Kind::garment) {
        const u32 id = ids[index % ids.size()];
        image = images.image(id);
        label = images.labels[id];
      }
      if (kind == sketch::Kind::nothing) label = sketch::kGarmentClasses;
      studios[std::size_t(worker)].make(kind, image, label, {options.seed, 0, index}, x);
      std::ranges::transform(x, made.pixels.begin() + std::ptrdiff_t(i) * sketch::kArea,
                             data::to_pixel);
      made.labels[i] = u8(label);
    }
  };
  pool.run(int((options.count + kGroup - 1) / kGroup), group);
  made.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return made;
}

Status write_idx(const std::string& path, std::span<const u8> values, std::span<const u32> sizes) {
  std::vector<std::byte> file{std::byte{0}, std::byte{0}, std::byte{8}, std::byte(sizes.size())};
  for (u32 size : sizes)
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(std::byte(size >> shift & 255));
  const std::span<const std::byte> bytes = std::as_bytes(values);
  file.insert(file.end(), bytes.begin(), bytes.end());
  return data::write_file(path, file);
}

Status write_sheet(const std::string& path, const Made& made, const Options& options) {
  constexpr int kCell = sketch::kSide + 2, kMostRows = lab::kMaxCanvasSide / kCell;
  const int columns = options.columns;
  const int count = std::min({int(made.labels.size()), options.shown, columns * kMostRows});
  const int rows = (count + columns - 1) / columns;
  lab::Canvas canvas(columns * kCell, rows * kCell, options.zoom);
  for (int i = 0; i < count; ++i) {
    const int row = i / columns;
    const lab::Point at{double(i % columns * kCell + 1), double(row * kCell + 1)};
    canvas.image(at, sketch::kSide,
                 std::span(made.pixels).subspan(std::size_t(i) * sketch::kArea, sketch::kArea),
                 sketch::kSide, {}, {255, 255, 255});
  }
  return data::write_file(path, lab::png(canvas));
}

Status write_kind(const Options& options, const std::string& name, const Made& made) {
  const std::string stem = options.out + "/" + name;
  const std::array<u32, 3> sizes{options.count, sketch::kSide, sketch::kSide};
  for (const Status& status :
       {write_idx(stem + "-images-idx3-ubyte", made.pixels, sizes),
        write_idx(stem + "-labels-idx1-ubyte", made.labels, std::span(sizes).first(1)),
        write_sheet(stem + ".png", made, options)}) {
    if (!status.ok()) return status;
  }
  return Done{};
}

Outcome run(Options options) {
  if (options.kinds.empty())
    for (std::string_view name : sketch::kKindNames) options.kinds.emplace_back(name);
  if (options.classes.empty())
    for (u32 label = 0; label < sketch::kGarmentClasses; ++label) options.classes.push_back(label);
  std::vector<sketch::Kind> kinds;
  for (const std::string& name : options.kinds) {
    const auto kind = kind_named(name);
    if (!kind.ok()) return kind.problem();
    kinds.push_back(*kind);
  }
  data::Dataset data;
  if (std::any_of(kinds.begin(), kinds.end(), [](auto k) { return k < sketch::Kind::garment; })) {
    Result<data::Dataset> loaded = load_data(options.data);
    if (!loaded.ok()) return loaded.problem();
    data = std::move(loaded).value();
    if (data.train.area() != sketch::kArea || sources(data.train, options).empty()) {
      return Problem{Code::bad_file, options.data +
                                         " has no images of 28 x 28 pixels of these classes. "
                                         "Choose another data set, or other classes."};
    }
  }
  if (Status folder = make_folder(options.out); !folder.ok()) return folder.problem();
  Pool pool(thread_count(options.threads));
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const Made made = make(options, kinds[i], data.train, pool);
    if (Status written = write_kind(options, options.kinds[i], made); !written.ok())
      return written.problem();
    std::printf("%-10s  %u images, %.0f microseconds each\n", options.kinds[i].c_str(),
                options.count, made.seconds * 1e6 / options.count);
  }
  return 0;
}

}  // namespace

Command add_sketch(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("sketch", "Write drawings to train on, and sheets to look at.");
  auto options = std::make_shared<Options>();
  command->add_option("--out", options->out, "folder for the IDX files and sheets")->required();
  command->add_option("--count", options->count, "of each kind")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--first", options->first, "number of the first one")->capture_default_str();
  command->add_option("--seed", options->seed)->capture_default_str();
  command->add_option("--kinds", options->kinds, kind_names() + "; default: all")->delimiter(',');
  command->add_option("--classes", options->classes, "labels from 0 to 9; default: all")
      ->delimiter(',')
      ->check(CLI::Range(0, 9));
  command->add_option("--data", options->data, "whose training images are drawn")
      ->capture_default_str();
  command->add_option("--columns", options->columns, "of a sheet")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--zoom", options->zoom, "of a sheet")
      ->capture_default_str()
      ->check(CLI::Range(1, lab::kMaxCanvasScale));
  command->add_option("--shown", options->shown, "most images of a sheet, of 136 rows at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  return [options] { return run(*options); };
}

}  // namespace engine::cli
