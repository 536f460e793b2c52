// What every layer is: behaviour built from a spec (spec/layers.hpp) for one input shape, never
// edited in place.
//
// A layer owns nothing that lives from call to call: parameters, gradients and buffers (running
// statistics) lie in the network's arenas and are handed over once by bind(); activations lie in
// the network's buffers. Cutting a batch into tasks for the pool is the layer's business, and must
// follow from shapes alone (core/pool.hpp).
//
// The gradient contract, the same for all: dx is assigned, parameter gradients are added to, x, y
// and dy are never written. A layer may read y in backward as well as x.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/team.hpp"
#include "engine/core/view.hpp"

namespace engine::nn {

// Memory that a layer asks of the network, in floats, for batches of up to the planned size.
struct Memory {
  std::size_t saved = 0;   // from a forward to its backward (argmax, masks, batch statistics)
  std::size_t shared = 0;  // scratch of one call, shared by all workers
  std::size_t worker = 0;  // scratch of one task (Pool::scratch)
};

// A buffer is saved with the weights but never trained.
enum class Role : u32 { weight, bias, buffer };

// One tensor of a layer, in PyTorch's layout and under its name ("weight", "running_mean", ...).
struct TensorInfo {
  std::string name;
  std::vector<int> dims;
  Role role = Role::weight;
  int fan_in = 0;  // for initialisation; 0: the tensor starts as `fill`
  f32 fill = 0;
  std::size_t size() const {
    std::size_t n = 1;
    for (int d : dims) n *= std::size_t(d);
    return n;
  }
};

// Where the tensors of a layer lie, in the order of tensors(). The gradient of a buffer is null.
struct Bound {
  f32* value = nullptr;
  f32* grad = nullptr;
};

// The parts of a layer's work in a training step, and who is told that one is done: for profiles.
// What backward does beside the weights' gradients counts as the input's.
// clearing: of all gradients, before the last layer's backward.
enum class Work : u32 { forward, clearing, weight_gradient, input_gradient };
class Watch {
 public:
  virtual ~Watch() = default;
  virtual void done(int layer, Work work) = 0;
};

// One pass over a batch.
struct Pass {
  Pool* pool = nullptr;
  bool training = false;  // batch statistics and dropout
  // Randomness is keyed by (seed, layer, epoch, sample): see core/random.hpp. `samples` says which
  // sample of the data set each row is; it is empty when not training.
  u64 seed = 0;
  u32 epoch = 0;
  std::span<const u32> samples{};
  // Where forward keeps what backward needs, in either mode; null: no backward will follow.
  f32* saved = nullptr;
  f32* shared = nullptr;
  // Work of the ReLU next to the layer, done while it is in cache: forward gives max(y, 0), if the
  // layer rectifies(); backward's dx is 0 where x, a ReLU's output, is, if it gates().
  bool rectify = false, gate = false;
  // With a team, x, y, dy and `samples` are this process's rows of the batch, and parameter
  // gradients and batch statistics are those of the whole batch all the same.
  Share share{};
  Watch* watch = nullptr;
  int layer = -1;  // the one that works
  void done(Work work) const {
    if (watch) watch->done(layer, work);
  }
  Share share_of(int n) const { return share.team ? share : Share{nullptr, n}; }
};

class Layer {
 public:
  virtual ~Layer() = default;
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  virtual Shape output() const = 0;
  virtual Memory memory(int batch) const { return static_cast<void>(batch), Memory{}; }
  virtual std::vector<TensorInfo> tensors() const { return {}; }
  virtual void bind(std::span<const Bound> tensors) { static_cast<void>(tensors); }
  // Whether, in this mode, y is x and dx is dy, bit for bit: then a network hands them on and calls
  // neither pass.
  virtual bool passes_through(bool training) const { return static_cast<void>(training), false; }

  virtual bool rectifies() const { return false; }
  virtual bool gates() const { return false; }

  // y = f(x). x.n == y.n >= 1. With pass.training a batch layer may update its buffers.
  virtual void forward(const Pass& pass, BatchIn x, BatchOut y) const = 0;
  // dx (assigned; not computed when dx.data is null) and the parameters' gradients (added to).
  virtual void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const = 0;
};

}  // namespace engine::nn
