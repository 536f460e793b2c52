// A run as a capsule: less than 2 KB of JSON from which anybody can do the run again and see
// whether they get the same bits. A run is a pure function of network, settings and images, so its
// capsule holds these (images as a fingerprint) and what came out: loss, accuracy and the weights'
// hash after each epoch, and of the weights at the end.
//
//   {"format": "atelier.run/1", "engine": "1.0.0",
//    "data": {"images": 60000, "hash": "0123456789abcdef"},
//    "network": {"name": "simple_cnn", ...}, "network_hash": "...", "train": {"epochs": 3, ...},
//    "ending": "completed", "epochs": 3, "steps": 2532,
//    "history": [[1, 0.5012, 0.8715, "..."], ...], "weights": "..."}
//
// `network` and `train` leave out what is at its default. A row of the history is the epoch (from
// 1), the training loss, the accuracy on validation and the hash. What would not fit is made
// shorter: a network of the zoo becomes its name, beside its hash; then every second, third ...
// epoch is listed (the weights of an epoch follow from those before, so nothing goes unproven);
// last, a network's spec becomes its name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/train/trainer.hpp"

namespace engine::session {

inline constexpr std::size_t kMaxCapsuleBytes = 2000;   // that are written
inline constexpr std::size_t kMaxCapsuleText = 16'384;  // that are read: somebody may have indented
inline constexpr std::string_view kCapsuleFormat = "atelier.run/1";

struct CapsuleRow {
  u32 epoch = 0;     // from 1
  f32 loss = 0;      // mean over the epoch's training samples, as measured while training
  f32 accuracy = 0;  // on the validation images
  u64 weights = 0;   // hash
  bool operator==(const CapsuleRow&) const = default;
};

struct Capsule {
  std::string engine;                    // version
  u32 images = 0;                        // training images, those for validation included ...
  u64 data_hash = 0;                     // ... and their fingerprint
  std::optional<spec::Network> network;  // nothing: network_name and network_hash say which one
  std::string network_name;
  u64 network_hash = 0;  // network_hash() of it
  spec::Train train;
  train::Ending ending = train::Ending::completed;
  u32 epochs = 0, steps = 0;        // done
  std::vector<CapsuleRow> history;  // epochs ascending; the last one done is listed
  u64 weights = 0;                  // hash of those that the run left: of the best epoch
  bool operator==(const Capsule&) const = default;
};

u64 network_hash(const spec::Network& network);

// Of a run as it stands; its text fits kMaxCapsuleBytes.
Capsule capsule_of(const train::Trainer& trainer);

std::string to_json(const Capsule& capsule);
// Any text gives a capsule or a sentence: Code::bad_json, bad_spec, bad_config, too_large.
Result<Capsule> capsule_from_json(std::string_view text);

}  // namespace engine::session
