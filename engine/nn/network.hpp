// A network built from a spec: owns layers, parameters, gradients, buffers, and the activations of
// one batch size. Everything is planned by create() and plan(); forward and backward allocate
// nothing.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/result.hpp"
#include "engine/nn/layer.hpp"
#include "engine/spec/infer.hpp"

namespace engine::nn {

// One parameter or buffer of the network under its full PyTorch name ("conv1.weight").
struct Tensor {
  std::string name;
  TensorInfo info;
  std::span<f32> value;
  std::span<f32> grad;  // empty for buffers
};

class Network {
 public:
  // Code::bad_spec when infer() refuses the spec. Parameters start as PyTorch's: weights and biases
  // uniform in +-1/sqrt(fan_in) (what kaiming_uniform with a = sqrt(5) gives), each tensor from its
  // own stream Rng(seed, Purpose::init, 0, number of the tensor).
  static Result<Network> create(const spec::Network& spec, u64 seed);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  const spec::Network& spec() const { return spec_; }
  const spec::Facts& facts() const { return facts_; }
  int classes() const { return int(facts_.out.size()); }

  // Makes room for batches of up to `batch` samples: activations, and with `training` gradients and
  // saved values. Allocates; called again only to grow.
  void plan(Pool& pool, int batch, bool training);

  // x (N, C, H, W) stays the caller's and must live until backward is done. Gives the last layer's
  // output (N, classes). pass.saved and pass.shared are the network's business; pass.pool must have
  // been given to plan().
  BatchIn forward(const Pass& pass, BatchIn x);
  // After a forward with the same pass, planned for training: dy (N, classes). Clears all
  // gradients, then adds this batch's. Layers before the first one with parameters are not run.
  void backward(const Pass& pass, BatchIn dy);
  // As backward, but stops at layer `layer` and gives dx, the gradient at its input (0: the
  // images), e.g. for saliency (pass.training off: dropout and batch statistics stay off).
  // Gradients of earlier layers are zero.
  void backward_to(const Pass& pass, BatchIn dy, int layer, BatchOut dx);

  // The output of layer i for the batch last seen by forward.
  BatchIn activation(int layer) const;

  std::vector<Tensor>& tensors() { return tensors_; }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  // All parameters, their gradients, and all buffers, each as one flat block (padding between
  // tensors is zero).
  std::span<f32> parameters() { return parameters_.span(); }
  std::span<const f32> parameters() const { return parameters_.span(); }
  std::span<f32> gradients() { return gradients_.span(); }
  std::span<f32> buffers() { return buffers_.span(); }
  std::span<const f32> buffers() const { return buffers_.span(); }
  u64 weight_hash() const;  // of parameters and buffers, tensor by tensor, in PyTorch's layout

  // Copies values from a network of the same spec.
  void copy_weights(const Network& from);

 private:
  Network() = default;
  void build_tensors();
  void initialise(u64 seed);
  BatchIn input(int layer) const;
  bool passes_through(int layer) const {
    return layers_[std::size_t(layer)]->passes_through(training_);
  }
  Pass pass_of(const Pass& pass, int layer);
  void run_backward(const Pass& pass, BatchIn dy, int layer, BatchOut dx);

  spec::Network spec_;
  spec::Facts facts_;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<Tensor> tensors_;
  Arena parameters_, gradients_, buffers_;
  Arena activations_, derivatives_, saved_, shared_;
  std::vector<std::size_t> activation_at_, saved_at_;  // offsets for each layer
  int planned_ = 0;
  bool planned_training_ = false;
  int first_trained_ = 0;  // the first layer with parameters; the number of layers if there is none
  BatchIn x_;              // of the last forward
  bool training_ = false;  // of the last forward
};

}  // namespace engine::nn
