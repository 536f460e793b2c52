// Any bytes as a checkpoint, and, so that the fuzzer need not find its hash, as what the hash is
// of; and as one of our images, whose fingerprint it need not find either. A state that is accepted
// can be written, read and gone on from, or is refused by the trainer.
#include <algorithm>
#include <string_view>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/session/checkpoint.hpp"
#include "engine/train/fit.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/toy_images.hpp"

namespace {

using namespace engine;

void go_on(const train::RunState& state, const data::Images& images) {
  Pool pool;
  const auto trainer = train::Trainer::restore(state, images, pool);
  if (trainer.ok()) (*trainer)->step();
}

void try_one(std::span<const std::byte> bytes) {
  static const data::Images images = test::toy_images(20, 12, 12, 4, 1);
  const auto state = session::read_checkpoint(bytes);
  if (!state.ok()) return;
  ENSURE(session::read_checkpoint(session::write_checkpoint(*state)).ok(), "round trip");
  go_on(*state, images);
  train::RunState ours = *state;
  ours.data_count = std::min(ours.data_count, images.count());
  ours.data_hash = train::data_hash(images, ours.data_count, ours.train);
  go_on(ours, images);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try_one(bytes);
  constexpr std::string_view kMagic = "ATELIER RUN\n";
  std::vector<std::byte> whole(kMagic.size());
  std::copy_n(reinterpret_cast<const std::byte*>(kMagic.data()), kMagic.size(), whole.begin());
  const auto append = [&](auto value) {
    const auto* at = reinterpret_cast<const std::byte*>(&value);
    whole.insert(whole.end(), at, at + sizeof value);
  };
  append(session::kCheckpointVersion);
  append(hash_bytes(bytes));
  whole.insert(whole.end(), bytes.begin(), bytes.end());
  try_one(whole);
  return 0;
}
