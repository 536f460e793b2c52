// Draws the hand-placed drawings of this folder with the page's own brush, eraser and fill:
//
//   draw_run FOLDER OUT [--seen]   OUT/CLASS/NN.png   each drawing as the page's paper holds it
//                                  OUT/labels.csv     file,class,label,style
//                                  OUT/CLASS.png      all of the class on one sheet; with --seen
//                                                     beside each what the network is shown
//
// FOLDER holds one JSON file a class: its number, its label and its drawings. A drawing has a style
// and strokes, in the order in which they were made. Points are pixels of the page's paper (280 x
// 280, y downwards), width is the brush's diameter in the same unit, ink its grey level in percent
// (100 when it is left out). A fill pours its ink at its one point. A file that is not like that is
// refused, with the drawing's number.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/dataset.hpp"
#include "engine/data/files.hpp"
#include "engine/kernels/image.hpp"
#include "engine/lab/canvas.hpp"
#include "ui/widgets/stroke.hpp"

namespace {

using engine::f32;
using engine::u8;
using Json = nlohmann::json;
using Raster = std::vector<u8>;  // kCanvasSize^2, 255 = ink

constexpr int kSide = ui::kCanvasSize;

struct Drawing {
  std::string style;
  Raster paper;
};

struct Class {
  std::string file;  // without its ending
  std::string label;
  int number = 0;
  std::vector<Drawing> drawings;
};

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

f32 number(const Json& json, double low, double high, const char* what) {
  require(json.is_number(), what);
  const double value = json.get<double>();
  require(value >= low && value <= high, what);
  return static_cast<f32>(value);
}

// A point may lie outside of the paper, as a pointer's that leaves it while it draws.
std::vector<ui::StrokePoint> points_of(const Json& json) {
  require(json.is_array() && !json.empty(), "a stroke has points");
  std::vector<ui::StrokePoint> points;
  for (const Json& pair : json) {
    require(pair.is_array() && pair.size() == 2, "a point is [x, y]");
    points.push_back({number(pair[0], -kSide, 2 * kSide, "x is a pixel") / f32(kSide),
                      number(pair[1], -kSide, 2 * kSide, "y is a pixel") / f32(kSide)});
  }
  return points;
}

void apply(const Json& json, Raster& paper) {
  const std::string tool = json.at("tool").get<std::string>();
  const f32 ink = number(json.value("ink", Json(100)), 0, 100, "ink is 0 to 100 percent") / 100;
  ui::Stroke stroke{.points = points_of(json.at("points")), .ink = ink};
  if (tool == "fill") {
    require(stroke.points.size() == 1, "a fill has one point");
    const auto pixel = [](f32 v) { return static_cast<int>(v * kSide + 0.5f); };
    ui::flood_fill(paper, kSide, pixel(stroke.points[0].x), pixel(stroke.points[0].y),
                   static_cast<u8>(255 * ink + 0.5f));
    return;
  }
  require(tool == "brush" || tool == "eraser", "a tool is brush, eraser or fill");
  stroke.eraser = tool == "eraser";
  stroke.radius = number(json.at("width"), 1, 120, "width is 1 to 120 pixels") / 2 / f32(kSide);
  ui::rasterise(stroke, paper, kSide);
}

Drawing read_drawing(const Json& json) {
  Drawing drawing{json.at("style").get<std::string>(), Raster(std::size_t(kSide) * kSide)};
  require(json.at("strokes").is_array(), "a drawing has strokes");
  for (const Json& stroke : json.at("strokes")) apply(stroke, drawing.paper);
  const auto [low, high] = std::ranges::minmax(drawing.paper);
  require(low < high, "a drawing shows something");
  return drawing;
}

Class read_class(const std::filesystem::path& path) {
  std::ifstream file(path);
  const Json json = Json::parse(file);
  Class result{.file = path.stem().string(),
               .label = json.at("label").get<std::string>(),
               .number = json.at("class").get<int>(),
               .drawings = {}};
  for (const Json& drawing : json.at("drawings")) {
    try {
      result.drawings.push_back(read_drawing(drawing));
    } catch (const std::exception& problem) {
      throw std::runtime_error("drawing " + std::to_string(result.drawings.size()) + ": " +
                               problem.what());
    }
  }
  return result;
}

void write(const std::filesystem::path& path, const engine::lab::Canvas& canvas) {
  const engine::Status written = engine::data::write_file(path.string(), engine::lab::png(canvas));
  if (!written.ok()) throw std::runtime_error(written.problem().sentence);
}

std::string name_of(std::size_t i) {
  char text[32];
  std::snprintf(text, sizeof text, "%02zu", i);
  return text;
}

constexpr engine::lab::Colour kBlack{0, 0, 0}, kWhite{255, 255, 255}, kGrey{120, 120, 120};

engine::lab::Canvas picture_of(const Raster& paper) {
  engine::lab::Canvas canvas(kSide, kSide, 1);
  canvas.image({0, 0}, kSide, paper, kSide, kBlack, kWhite);  // at its own size: exact
  return canvas;
}

// What the network is shown, 28 x 28.
std::vector<u8> seen(const Raster& paper) {
  std::vector<f32> x(engine::kernels::kImageSize);
  engine::kernels::preprocess_image({paper.data(), kSide, kSide}, x);
  std::vector<u8> grey(x.size());
  std::ranges::transform(x, grey.begin(), engine::data::to_pixel);
  return grey;
}

engine::lab::Canvas sheet_of(const Class& c, bool with_seen) {
  constexpr int kColumns = 6, kCell = 168, kSmall = 112, kLine = 18, kGap = 8;
  const int rows = (static_cast<int>(c.drawings.size()) + kColumns - 1) / kColumns;
  const int width = kCell + kGap + (with_seen ? kSmall + kGap : 0), height = kCell + kLine + kGap;
  engine::lab::Canvas sheet(kColumns * width + kGap, std::max(1, rows) * height + kGap, 1);
  for (std::size_t i = 0; i < c.drawings.size(); ++i) {
    const double x = kGap + static_cast<int>(i % kColumns) * width;
    const double y = kGap + static_cast<int>(i / kColumns) * height;
    sheet.image({x, y + kLine}, kCell, c.drawings[i].paper, kSide, kBlack, kWhite);
    sheet.text({x, y + 13}, name_of(i) + "  " + c.drawings[i].style, {.size = 12, .colour = kGrey});
    if (with_seen) {
      sheet.image({x + kCell + 2, y + kLine}, kSmall, seen(c.drawings[i].paper),
                  engine::kernels::kImageSide, kBlack, kWhite);
    }
  }
  return sheet;
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& out, bool with_seen) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  require(!files.empty(), "there is no .json file");
  std::ranges::sort(files);
  std::string labels = "file,class,label,style\n";
  for (const auto& file : files) {
    Class c;
    try {
      c = read_class(file);
    } catch (const std::exception& problem) {
      throw std::runtime_error(file.string() + ": " + problem.what());
    }
    std::filesystem::create_directories(out / c.file);
    for (std::size_t i = 0; i < c.drawings.size(); ++i) {
      const std::string name = c.file + "/" + name_of(i) + ".png";
      write(out / name, picture_of(c.drawings[i].paper));
      labels +=
          name + "," + std::to_string(c.number) + "," + c.label + "," + c.drawings[i].style + "\n";
    }
    write(out / (c.file + ".png"), sheet_of(c, with_seen));
    std::printf("%-12s %zu drawings\n", c.label.c_str(), c.drawings.size());
  }
  const engine::Status written = engine::data::write_text((out / "labels.csv").string(), labels);
  if (!written.ok()) throw std::runtime_error(written.problem().sentence);
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_seen = argc == 4 && std::string_view(argv[3]) == "--seen";
  if (argc != 3 && !with_seen) {
    std::fprintf(stderr, "usage: draw_run FOLDER OUT [--seen]\n");
    return 2;
  }
  try {
    draw(argv[1], argv[2], with_seen);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "draw_run: %s\n", problem.what());
    return 1;
  }
  return 0;
}
