#include "engine/io/bytes.hpp"
#include "engine/io/pickle.hpp"

namespace engine::io {
namespace {

// One opcode after the other, in the order in which PyTorch's own pickles have them.
class Pickler {
 public:
  void op(char code) { to_.number(code); }
  void global(std::string_view module, std::string_view name) {
    op('c');
    to_.text(module);
    op('\n');
    to_.text(name);
    op('\n');
  }
  void text(std::string_view value) {
    op('X');
    to_.number(u32(value.size()));
    to_.text(value);
  }
  void whole(u64 value) {
    op('J');  // four bytes, signed: weights are capped far below
    to_.number(i32(value));
  }
  void wholes(std::span<const u64> values) {
    op('(');
    for (u64 value : values) whole(value);
    op('t');
  }
  void empty_dict() {
    global("collections", "OrderedDict");
    op(')');
    op('R');
  }
  std::vector<std::byte> take() { return to_.take(); }

 private:
  Writer to_;
};

std::vector<u64> strides_of(std::span<const u64> dims) {
  std::vector<u64> strides(dims.size(), 1);
  for (std::size_t d = dims.size(); d-- > 1;) strides[d - 1] = strides[d] * dims[d];
  return strides;
}

void write_tensor(Pickler& to, const PickledTensor& tensor) {
  u64 count = 1;
  for (u64 d : tensor.dims) count *= d;
  to.text(tensor.name);
  to.global("torch._utils", "_rebuild_tensor_v2");
  to.op('(');
  to.op('(');
  to.text("storage");
  to.global("torch", tensor.storage);
  to.text(tensor.key);
  to.text("cpu");
  to.whole(count);
  to.op('t');
  to.op('Q');  // persistent id: the record of the storage
  to.whole(0);
  to.wholes(tensor.dims);
  to.wholes(strides_of(tensor.dims));
  to.op('\x89');  // False: needs no gradient
  to.empty_dict();
  to.op('t');
  to.op('R');
}

}  // namespace

std::vector<std::byte> write_state_dict(std::span<const PickledTensor> tensors) {
  Pickler to;
  to.op('\x80');
  to.op('\x02');
  to.empty_dict();
  to.op('(');
  for (const PickledTensor& tensor : tensors) write_tensor(to, tensor);
  to.op('u');
  to.op('.');
  return to.take();
}

}  // namespace engine::io
