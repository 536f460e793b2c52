// A network built from a spec, an acyclic graph in the spec's order: owns layers, parameters,
// gradients, buffers, and the activations of one batch size. Everything is planned by create() and
// plan(); forward and backward allocate nothing.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/result.hpp"
#include "engine/nn/join.hpp"
#include "engine/nn/layer.hpp"
#include "engine/nn/lifetimes.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/train.hpp"

namespace engine::nn {

// One parameter or buffer of the network under its full PyTorch name ("conv1.weight").
struct Tensor {
  std::string name;
  TensorInfo info;
  std::span<f32> value;
  std::span<f32> grad;  // empty for buffers
};

// What is still there after a forward. `output` needs the least memory: outputs that are never
// alive at the same time share it.
enum class Keep : u32 { output, activations, all /* what backward needs too */ };

class Network {
 public:
  // Code::bad_spec when infer() refuses the spec. Parameters start as nn/init.hpp says.
  static Result<Network> create(const spec::Network& spec, u64 seed,
                                spec::Init init = spec::Init::pytorch);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  const spec::Network& spec() const { return spec_; }
  const spec::Facts& facts() const { return facts_; }
  int classes() const { return int(facts_.out.size()); }

  // Makes room for batches of up to `batch` samples. Allocates; called again only to grow in either
  // sense.
  void plan(Pool& pool, int batch, Keep keep);
  // What plan() of a network that is not planned yet will take, in bytes, the pool's scratch not
  // counted. Allocates next to nothing.
  u64 bytes_for(int batch, Keep keep) const;

  // x (N, C, H, W) stays the caller's and must live until backward is done. Gives the last layer's
  // output (N, classes). pass.saved and pass.shared are the network's business; pass.pool must have
  // been given to plan().
  BatchIn forward(const Pass& pass, BatchIn x);
  // After a forward with the same pass, planned for training: dy (N, classes). Clears all
  // gradients, then adds this batch's. Layers before the first one with parameters are not run.
  void backward(const Pass& pass, BatchIn dy);
  // As backward, but only down to the output of layer `layer` (-1: the images): dx is the gradient
  // there, e.g. for saliency (pass.training off: dropout and batch statistics stay off). Parameters
  // that are not on the way get gradients of zero.
  void backward_to(const Pass& pass, BatchIn dy, int layer, BatchOut dx);

  // The output of layer i for the batch last seen by forward; needs Keep::activations, but for the
  // last layer. After plan(..., Keep::all) that of a convolution before a ReLU is the ReLU's.
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
  static constexpr int kNowhere = -2;
  // Exactly one of layer and join.
  struct Node {
    std::unique_ptr<Layer> layer;
    std::unique_ptr<Join> join;
    std::vector<int> from;  // -1: the images
    int readers = 0;        // how many inputs of later nodes read this output
    bool trains = false;    // it or something before it has parameters
    // Of a ReLU: the layer before it does its forward, the layer after it its backward. Of these
    // layers: that they do.
    bool done_before = false, done_after = false;
    bool rectifies = false;
    int gates = kNowhere;      // the ReLU's number
    std::size_t output = 0;    // offsets in activations_,
    std::size_t gradient = 0;  // derivatives_
    std::size_t saved = 0;     // and saved_
  };

  Network() = default;
  Node make_node(std::size_t at) const;
  void build_nodes();
  void share_relus();
  void build_tensors();
  void initialise(u64 seed, spec::Init init);
  // Of a plan, in floats: what the layers save for backward, the largest that one shares among its
  // tasks and needs for each, sums of gradients, and the places of outputs and gradients.
  struct Room {
    std::vector<std::size_t> saved_at;
    std::size_t saved = 0, shared = 0, worker = 0, summed = 0;
    Places outputs, gradients;
  };
  Room room_for(int batch, Keep keep) const;
  std::vector<Lifetime> output_lifetimes(int batch, Keep keep) const;
  std::vector<Lifetime> gradient_lifetimes(int batch) const;
  BatchIn output(int node) const;  // -1: the images
  bool passes_through(const Node& node) const {
    return node.layer && node.layer->passes_through(training_);
  }
  bool always_passes_through(int node) const {
    const Node& at = nodes_[std::size_t(node)];
    return at.layer && at.layer->passes_through(true) && at.layer->passes_through(false);
  }
  // A ReLU's input is not to be seen unless all activations are asked for.
  bool shares_relus() const { return keep_ != Keep::activations; }
  Pass pass_of(const Pass& pass, const Node& node);
  void run_forward(const Pass& pass, const Node& node, BatchOut y);
  struct Gathered {
    BatchOut sum;
    bool begun;
  };
  void run_backward(const Pass& pass, BatchIn dy, int target, BatchOut dx);
  void backward_into(const Pass& pass, int at, std::size_t input, BatchIn dy);
  Gathered gathered(int output);
  bool is_wanted(int output) const;

  spec::Network spec_;
  spec::Facts facts_;
  std::vector<Node> nodes_;
  std::vector<Tensor> tensors_;
  Arena parameters_, gradients_, buffers_;
  Arena activations_, derivatives_, saved_, shared_, sum_;
  // Of one backward: where each output's gradient is, which are needed, and the one that goes to
  // the caller.
  struct Target {
    int output = kNowhere;
    BatchOut dx;
    bool begun = false;
  };
  std::vector<BatchIn> gradient_of_;
  std::vector<char> wanted_;
  Target target_;
  int image_readers_ = 0;
  int planned_ = 0;
  std::size_t scratch_ = 0;  // floats that a task of the plan needs
  Keep keep_ = Keep::output;
  BatchIn x_;              // of the last forward
  bool training_ = false;  // of the last forward
};

}  // namespace engine::nn
