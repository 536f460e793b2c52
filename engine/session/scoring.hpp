// Measures a network on labelled images, one slice at a time, so that whoever measures stays
// responsive.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "engine/analysis/calibration.hpp"
#include "engine/analysis/confusion.hpp"
#include "engine/core/pool.hpp"
#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"
#include "engine/data/permutation.hpp"
#include "engine/nn/network.hpp"
#include "engine/protocol/messages.hpp"
#include "engine/spec/train.hpp"

namespace engine::session {

// The loss that suits a network's last layer: nll, binary cross-entropy, cross-entropy, or mse
// after Softmax and for a single output.
spec::Loss natural_loss(const spec::Network& network);

class Scoring {
 public:
  // `images` and `pool` are borrowed; images may be appended to. `ids` are the images to measure
  // on, each of them there, its pixels in the order of `permute` (spec::Train). Code::wrong_state
  // when there are none, bad_spec when the network does not fit them. The network is copied, as it
  // may go on learning meanwhile; one that is given away is not.
  static Result<std::unique_ptr<Scoring>> create(const nn::Network& network, spec::Loss loss,
                                                 const data::Images& images, std::vector<u32> ids,
                                                 Pool& pool, u32 permute);
  static Result<std::unique_ptr<Scoring>> create(nn::Network&& network, spec::Loss loss,
                                                 const data::Images& images, std::vector<u32> ids,
                                                 Pool& pool, u32 permute);

  bool step();  // measures one slice; true while some are left
  bool done() const { return next_ == ids_.size(); }
  // Of the images measured so far.
  const analysis::Confusion& confusion() const { return confusion_; }
  f32 loss() const;  // their mean loss
  const analysis::Calibration& calibration() const { return calibration_; }
  u64 sure() const { return sure_; }  // of how many the network was sure (nn/predict.hpp)
  std::span<const protocol::Mistake> mistakes() const { return mistakes_; }  // in the order of ids

 private:
  Scoring(nn::Network network, spec::Loss loss, const data::Images& images, std::vector<u32> ids,
          Pool& pool, u32 permute);
  void judge(u32 id, std::span<const f32> outputs, int label);

  nn::Network network_;
  spec::Loss loss_;
  const data::Images* images_;
  std::vector<u32> ids_;
  Pool* pool_;
  data::Permutation permutation_;
  std::size_t next_ = 0;
  std::vector<f32> x_, scratch_;
  std::vector<u8> labels_;
  analysis::Confusion confusion_;
  analysis::Calibration calibration_;
  std::vector<f32> p_;  // class probabilities of one image
  u64 sure_ = 0;
  std::vector<protocol::Mistake> mistakes_;
  double loss_sum_ = 0;
};

// The ids 0, 1, ... count - 1.
std::vector<u32> all_ids(u32 count);

}  // namespace engine::session
