// Any bytes as an archive of arrays, as one array, and as a deflate stream. What is read can be
// written, and then reads the same.
#include "engine/core/check.hpp"
#include "engine/io/inflate.hpp"
#include "engine/io/npy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace engine::io;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto file = read_npz(bytes);
  if (file.ok()) {
    const auto again = write_npz(*file);
    if (again.ok()) ENSURE(read_npz(*again).value() == *file, "an archive's round trip");
  }
  const auto array = read_npy(bytes, "array");
  if (array.ok()) {
    const auto again = read_npy(write_npy(array->dims, array->values), "array");
    ENSURE(again.value() == *array, "an array's round trip");
  }
  for (const engine::u64 claimed : {size, 3 * size, std::size_t{4'000'000'000u}}) {
    const auto inflated = inflate(bytes, claimed);
    if (inflated.ok()) ENSURE(inflated->size() == claimed, "exactly so much is inflated");
  }
  return 0;
}
