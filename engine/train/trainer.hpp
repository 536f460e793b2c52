// One training run as a state machine: nothing happens between calls, each call of step() does one
// training step or validates one batch. Whoever owns it decides when: a pause is not calling
// step().
//
// A run is a pure function of (network spec, train config, images): the same bits for any number of
// threads and ranks, with or without pauses, and through any checkpoint.
//   split    data::split(count, fraction, validation, seed): validation images never train, nor
//            does what is made from them
//   epoch e  a new shuffle of the training ids, those of versions and drawings among them
//            (sketch/extension.hpp) (data::Batcher); the last batch may be smaller
//   step     assemble, augment (keyed by seed, epoch, id), permute pixels if asked, mix pairs
//            (mixup.hpp), forward, loss, backward, clip (clip.hpp), optimizer at the schedule's
//            rate, average (average.hpp)
//   then     the validation images, in slices, with plain labels; the weights of the best accuracy
//            (the first of equals) are kept. With train.ema, all of it is about the averages
//   end      after `epochs`, or `patience` epochs without a better accuracy, or stop(), or
//            divergence: the best epoch's weights and buffers are put back
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/result.hpp"
#include "engine/data/batcher.hpp"
#include "engine/data/dataset.hpp"
#include "engine/data/permutation.hpp"
#include "engine/data/split.hpp"
#include "engine/nn/network.hpp"
#include "engine/sketch/extension.hpp"
#include "engine/train/clip.hpp"
#include "engine/train/mixup.hpp"
#include "engine/train/optimizer.hpp"
#include "engine/train/state.hpp"

namespace engine::train {

class Trainer {
 public:
  // Plans all memory. `images`, `pool` and `team` are borrowed and must outlive the trainer; images
  // may be appended to, which does not change the run. With `count` the run uses the first so many
  // images only. All ranks of a team must be given the same and make the same calls.
  // Code::bad_spec, bad_config, wrong_state when there are fewer than 2 images, or too_large when a
  // batch takes more memory than there is (fit.hpp).
  static Result<std::unique_ptr<Trainer>> create(const spec::Network& network,
                                                 const spec::Train& train,
                                                 const data::Images& images, Pool& pool,
                                                 u32 count = 0, Team* team = nullptr);
  // Goes on where state() was taken. Code::bad_file when the parts of the state contradict each
  // other, not_found when the images are not those of the run, too_large as above. Where there is
  // no room for two, give the state away.
  static Result<std::unique_ptr<Trainer>> restore(RunState state, const data::Images& images,
                                                  Pool& pool, Team* team = nullptr);

  enum class Did { nothing, trained, validated, finished_epoch, finished_run };
  // One training step, or one validation batch; `finished_run` comes in place of `finished_epoch`
  // for the last. A training step allocates nothing. `nothing` before the run is finished: a rank
  // of the team was lost, and the state is still that of the last step done.
  Did step();

  // Ends the run: at once when an epoch has been validated, otherwise after validating the weights
  // as they are.
  void stop();

  RunState state() const;  // to be restored; a copy

  Phase phase() const { return state_.phase; }
  Ending ending() const { return state_.ending; }  // once finished
  std::string sentence() const;                    // how the run ended, for the user; once finished

  // The weights now: those that learn (not their averages), at the end the best.
  nn::Network& network() { return network_; }
  const nn::Network& network() const { return network_; }
  const spec::Train& config() const { return state_.train; }
  const data::Split& split() const { return split_; }
  // Of the training images, the validation ones included.
  u32 data_count() const { return state_.data_count; }
  u64 data_hash() const { return state_.data_hash; }
  const std::vector<EpochRecord>& history() const { return state_.history; }

  // Of the next training step; `epochs` when all are done.
  u32 epoch() const { return state_.epoch; }
  u32 step_in_epoch() const { return state_.step; }
  u32 steps_per_epoch() const { return batcher_.steps(); }
  u32 samples_per_epoch() const { return batcher_.samples(); }  // versions and drawings included
  u32 steps_done() const { return u32(optimizer_.steps()); }
  // Of the whole run, if it is not cut short.
  u32 steps() const { return batcher_.steps() * state_.train.epochs; }
  bool has_best() const { return state_.has_best; }
  u32 best_epoch() const { return state_.best_epoch; }
  f32 best_accuracy() const;  // on validation; 0 before the first epoch is done

  Mean take_mean();  // over the training samples since the last call
  f32 samples_per_second() const { return f32(training_rate_.per_second()); }
  // Until the whole run is done, validation included; 0 when not known yet.
  f32 eta_seconds() const;
  // Of work so far.
  f32 seconds() const { return f32(state_.seconds); }

 private:
  Trainer(nn::Network network, const RunState& start, const data::Images& images, Pool& pool,
          Team* team);
  Did train_step();
  void update(f32 rate);
  Did validate_slice();
  Did give_up_step();
  Did finish_epoch();
  Did diverge(Source source, u32 step, f32 rate);
  Did finish(Ending ending);
  Share share_of(std::size_t n) const;
  void assemble_batch(std::span<const u32> ids, Part rows, bool augment);
  const f32* training_images(std::span<const u32> ids, Part rows);
  nn::Targets targets(std::size_t n) const;
  BatchIn outputs_of(nn::Pass pass, std::span<const u32> ids, const f32* images);
  bool team_lost() const { return team_ != nullptr && team_->lost(); }
  bool team_is_here();
  void swap_average();
  void keep_best();
  bool weights_finite() const;
  f32 last_rate() const;  // the learning rate of the last training step

  // Its tensors stay empty, except best_*: network_ and optimizer_ hold the living ones.
  RunState state_;
  const data::Images* images_;
  Pool* pool_;
  Team* team_;  // null: alone
  nn::Network network_;
  Optimizer optimizer_;
  data::Split split_;
  sketch::Extension extension_;
  data::Permutation permutation_;
  data::Batcher batcher_;
  GradientClip clip_;
  Mixup mixup_;
  Arena x_, dy_;
  Arena outputs_;                    // with a team: those of the whole batch
  std::vector<f32> buffers_before_;  // with a team: as they were before this step
  std::vector<u8> labels_;
  u32 slice_ = 0;      // images of one validation batch
  u32 validated_ = 0;  // images of the running validation
  Mean validation_mean_;
  Mean shown_mean_;
  double samples_in_step_ = 0;
  Rate training_rate_, validation_rate_;
};

}  // namespace engine::train
