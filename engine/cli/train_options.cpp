#include "engine/cli/train_options.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>

#include "engine/session/scoring.hpp"
#include "engine/spec/train_fields.hpp"

namespace engine::cli {

struct TrainOptions::Values {
  spec::Train train;
  std::string loss, optimizer, schedule, init, augment;
};

namespace {

std::string dashed(std::string_view key) {
  std::string name = "--" + std::string(key);
  std::replace(name.begin(), name.end(), '_', '-');
  return name == "--learning-rate" ? "--lr,--learning-rate" : name;
}

std::string range(double low, double high) {
  char text[64];
  std::snprintf(text, sizeof text, "%g to %g", low, high);
  return text;
}

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

template <class Enum>
Status choose(std::string_view option, const std::string& name,
              std::span<const std::string_view> names, Enum& value) {
  if (name.empty()) return Done{};
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) {
    return Problem{Code::bad_config, "There is no " + std::string(option) + " '" + name +
                                         "'. Choose one of " + joined(names) + "."};
  }
  value = Enum(at - names.begin());
  return Done{};
}

std::string augment_keys() {
  std::string text;
  for (const spec::AugmentReal& field : spec::kAugmentReals)
    text += (text.empty() ? "" : ", ") + std::string(field.key);
  return text;
}

// "shift=2,rotate=10"
Status parse_augment(std::string_view text, spec::Augment& augment) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    const std::string_view key = part.substr(0, equals);
    const auto field = std::find_if(spec::kAugmentReals.begin(), spec::kAugmentReals.end(),
                                    [&](const spec::AugmentReal& f) { return f.key == key; });
    f32 value = 0;
    bool good = field != spec::kAugmentReals.end() && equals != std::string_view::npos;
    if (good) {
      const std::string_view number = part.substr(equals + 1);
      const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
      good = parsed.ec == std::errc() && parsed.ptr == number.data() + number.size();
    }
    if (!good) {
      return Problem{Code::bad_config, "--augment does not understand '" + std::string(part) +
                                           "'. Write key=number, with commas between; keys are " +
                                           augment_keys() + "."};
    }
    augment.*(field->at) = value;
  }
  return Done{};
}

}  // namespace

TrainOptions::TrainOptions(CLI::App& command) : values_(std::make_shared<Values>()) {
  spec::Train& train = values_->train;
  const auto add = [&](CLI::Option* option) { options_.push_back(option->group("Training")); };
  for (const spec::TrainReal& field : spec::kTrainReals) {
    std::string help = range(double(field.low), double(field.high));
    if (!field.what.empty()) help += "; " + std::string(field.what);
    add(command.add_option(dashed(field.key), train.*(field.at), help)->capture_default_str());
  }
  for (const spec::TrainWhole& field : spec::kTrainWholes) {
    std::string help = range(field.low, field.high);
    if (!field.what.empty()) help += "; " + std::string(field.what);
    add(command.add_option(dashed(field.key), train.*(field.at), help)->capture_default_str());
  }
  add(command.add_option("--seed", train.seed, "of weights, split, order and augmentation")
          ->capture_default_str());
  add(command.add_flag("--nesterov", train.nesterov, "sgd with Nesterov's momentum"));
  add(command.add_option("--loss", values_->loss,
                         joined(spec::kLossNames) + "; default: what suits the network"));
  add(command.add_option("--optimizer", values_->optimizer,
                         joined(spec::kOptimizerNames) + "; default: adam"));
  add(command.add_option("--schedule", values_->schedule,
                         joined(spec::kScheduleNames) + "; default: constant"));
  add(command.add_option("--init", values_->init,
                         "how weights start: " + joined(spec::kInitNames) + "; default: pytorch"));
  add(command.add_option("--augment", values_->augment,
                         "e.g. shift=2,rotate=10; keys: " + augment_keys()));
}

Result<spec::Train> TrainOptions::config(const spec::Network& network) const {
  spec::Train train = values_->train;
  train.loss = session::natural_loss(network);
  for (const Status& status :
       {choose("loss", values_->loss, spec::kLossNames, train.loss),
        choose("optimizer", values_->optimizer, spec::kOptimizerNames, train.optimizer),
        choose("schedule", values_->schedule, spec::kScheduleNames, train.schedule),
        choose("init", values_->init, spec::kInitNames, train.init),
        parse_augment(values_->augment, train.augment), spec::check(train)}) {
    if (!status.ok()) return status.problem();
  }
  return train;
}

std::string TrainOptions::given() const {
  for (const CLI::Option* option : options_) {
    if (option->count() > 0) return option->get_name();
  }
  return {};
}

}  // namespace engine::cli
