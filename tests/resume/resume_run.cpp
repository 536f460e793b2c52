// The golden training run through checkpoints, for going on with it in another build:
//
//   resume_run start FILE STEP     trains to that step (of 200) and saves a checkpoint there
//   resume_run go FILE STEP OUT    goes on from a checkpoint to a later step, saves another
//   resume_run finish FILE         goes on to the end and prints the hash of the weights
//
// STEP may end in v: then one slice of the validation after that step is done as well.
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "engine/session/checkpoint.hpp"
#include "engine/train/golden_lab.hpp"
#include "engine/train/trainer.hpp"

namespace {

using namespace engine;
using Made = Result<std::unique_ptr<train::Trainer>>;

struct Lab {
  data::Images images = train::golden_lab_images();
  Pool pool{1};

  Made start() {
    return train::Trainer::create(train::golden_lab_network(), train::golden_lab_config(), images,
                                  pool);
  }
  Made restore(const std::string& path) {
    const auto file = data::read_file(path);
    if (!file.ok()) return file.problem();
    const auto state = session::read_checkpoint(*file);
    if (!state.ok()) return state.problem();
    return train::Trainer::restore(*state, images, pool);
  }
};

struct Place {
  u32 step = 0;
  bool validating = false;
};

std::optional<Place> place_of(std::string_view text) {
  Place place;
  if (text.ends_with('v')) {
    place.validating = true;
    text.remove_suffix(1);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place.step);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return place;
}

int fail(const std::string& sentence) {
  std::fprintf(stderr, "resume_run: %s\n", sentence.c_str());
  return 1;
}

int save(Made made, const Place& place, const std::string& path) {
  if (!made.ok()) return fail(made.problem().sentence);
  train::Trainer& trainer = **made;
  while (trainer.phase() != train::Phase::finished && trainer.steps_done() < place.step)
    trainer.step();
  if (place.validating) trainer.step();
  const Status written = data::write_file(path, session::write_checkpoint(trainer.state()));
  return written.ok() ? 0 : fail(written.problem().sentence);
}

int finish(Made made) {
  if (!made.ok()) return fail(made.problem().sentence);
  train::Trainer& trainer = **made;
  while (trainer.phase() != train::Phase::finished) trainer.step();
  std::printf("lab.final %s\n", hex(trainer.network().weight_hash()).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string what = words.empty() ? "" : words[0];
  const auto place = words.size() > 2 ? place_of(words[2]) : std::nullopt;
  Lab lab;
  if (what == "start" && words.size() == 3 && place) return save(lab.start(), *place, words[1]);
  if (what == "go" && words.size() == 4 && place)
    return save(lab.restore(words[1]), *place, words[3]);
  if (what == "finish" && words.size() == 2) return finish(lab.restore(words[1]));
  std::fprintf(stderr, "usage: resume_run start FILE STEP | go FILE STEP OUT | finish FILE\n");
  return 2;
}
