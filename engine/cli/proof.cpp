#include "engine/cli/proof.hpp"

#include "engine/cli/common.hpp"
#include "engine/cli/replay.hpp"
#include "engine/io/bytes.hpp"
#include "engine/session/replay.hpp"

namespace engine::cli {
namespace {

constexpr const char* kOthers = "The capsule is of other weights.";

Proof refuted(std::string why) { return {Proven::refuted, std::move(why)}; }

// `weights` is the submission's hash: that of the capsule, or of the same weights as float16.
Proof replayed(const session::Capsule& capsule, u64 weights, const data::Images& training,
               int threads) {
  Pool pool(threads);
  const auto trainer = session::begin_replay(capsule, training, pool);
  if (!trainer.ok()) return {Proven::claimed, trainer.problem().sentence};
  if (const auto difference = redo(capsule, **trainer)) return refuted(difference->sentence);
  if (weights == capsule.weights || weights == io::rounded((*trainer)->network()).weight_hash())
    return {Proven::verified, {}};
  return refuted(kOthers);
}

Proof judge(const Submission& submission, const data::Images* training, int threads) {
  const bool beside = !submission.capsule.empty();
  auto capsule = load_capsule(beside ? submission.capsule : submission.weights, {});
  if (!capsule.ok()) {
    if (!beside && capsule.problem().code == Code::not_found) return {};
    return refuted(capsule.problem().sentence);
  }
  const auto model = load_weights(submission.weights);
  if (!model.ok()) return refuted(model.problem().sentence);
  if (!may_be_of(*capsule, model->network)) return refuted(kOthers);
  if (session::network_hash(model->network.spec()) == capsule->network_hash)
    capsule->network = model->network.spec();  // a long one is left out of the capsule
  if (training == nullptr) return {Proven::claimed, "Not replayed."};
  return replayed(*capsule, model->network.weight_hash(), *training, threads);
}

}  // namespace

Proof prove(const Submission& submission, const data::Images* training, int threads,
            const Limits& limits) {
  const auto bytes = isolated(limits, [&] {
    const Proof proof = judge(submission, training, threads);
    io::Writer out;
    out.number(u32(proof.proven));
    out.text(proof.remark);
    return out.take();
  });
  if (!bytes.ok()) return {Proven::claimed, "Not replayed. " + bytes.problem().sentence};
  io::Reader in(*bytes);
  const u32 proven = in.number<u32>();
  if (!in.ok() || proven > u32(Proven::refuted)) return refuted("It cannot be checked.");
  return {Proven(proven), std::string(in.text(in.left()))};
}

}  // namespace engine::cli
