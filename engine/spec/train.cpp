#include "engine/spec/train.hpp"

#include "engine/spec/train_fields.hpp"
#include "engine/spec/words.hpp"

namespace engine::spec {
namespace {

Problem bad(std::string_view key, const std::string& must, const std::string& is) {
  return {Code::bad_config, std::string(key) + " must be " + must + ", is " + is + "."};
}

template <class Names>
bool known(u32 value, const Names& names) {
  return value < names.size();
}

}  // namespace

Status check(const Train& train) {
  for (const TrainReal& field : kTrainReals) {
    const f32 value = train.*field.at;
    if (value >= field.low && value <= field.high && !(field.above && value == field.low))
      continue;  // false for NaN
    const std::string from = field.above ? "above " + in_words(field.low) + " and at most "
                                         : "from " + in_words(field.low) + " to ";
    return bad(field.key, from + in_words(field.high), in_words(value));
  }
  for (const TrainWhole& field : kTrainWholes) {
    const u32 value = train.*field.at;
    if (value >= field.low && value <= field.high) continue;
    return bad(field.key, "from " + std::to_string(field.low) + " to " + std::to_string(field.high),
               std::to_string(value));
  }
  for (const AugmentReal& field : kAugmentReals) {
    const f32 value = train.augment.*field.at;
    if (value >= 0 && value <= field.high) continue;
    return bad("augment." + std::string(field.key), "from 0 to " + in_words(field.high),
               in_words(value));
  }
  if (!known(u32(train.loss), kLossNames))
    return bad("loss", "one of the losses", std::to_string(u32(train.loss)));
  if (!known(u32(train.optimizer), kOptimizerNames)) {
    return bad("optimizer", "one of the optimizers", std::to_string(u32(train.optimizer)));
  }
  if (!known(u32(train.init), kInitNames))
    return bad("init", "one of the initialisations", std::to_string(u32(train.init)));
  if (!known(u32(train.schedule), kScheduleNames)) {
    return bad("schedule", "one of the schedules", std::to_string(u32(train.schedule)));
  }
  if (train.mixup > 0 && train.nothings > 0) {
    return Problem{
        Code::bad_config,
        "mixup mixes the labels of two images, but nothings have none. Set one of them to 0."};
  }
  return Done{};
}

}  // namespace engine::spec
