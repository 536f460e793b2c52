// Commands about capsules, and a replay's verdict.
#include "engine/session/replay.hpp"
#include "engine/session/state.hpp"
#include "engine/spec/json.hpp"

namespace engine::session {

void Session::State::handle(u32 id, const protocol::GetCapsule&, Tail) {
  if (!run || run->trainer->phase() != train::Phase::finished) {
    return fail(id, Code::wrong_state,
                "Only a run that is over has a capsule. Wait for its end, or stop it.");
  }
  const u64 hash = run->trainer->network().weight_hash();
  send(id, protocol::CapsuleFile{low32(hash), high32(hash)},
       bytes_of(to_json(capsule_of(*run->trainer))));
}

void Session::State::handle(u32 id, const protocol::Replay&, Tail tail) {
  if (refuse_start(id)) return;
  if (run && run->test) {  // its weights are still to be asked for
    return fail(id, Code::wrong_state,
                "The run that has just ended is still measured on the test images. Replay the "
                "capsule when that is done.");
  }
  Result<Capsule> capsule = capsule_from_json(text_of(tail));
  if (!capsule.ok()) return fail(id, capsule.problem());
  if (Status fits = check_replay(*capsule, dataset.train); !fits.ok())
    return fail(id, fits.problem());
  run.reset();  // there is no room for two
  auto trainer = begin_replay(*capsule, dataset.train, *pool);
  if (!trainer.ok()) return fail(id, trainer.problem());
  const std::string network_text = spec::to_json((*trainer)->network().spec());
  const protocol::ReplayStarted head{u32(network_text.size()), capsule->epochs};
  run = std::make_unique<Run>();
  run->trainer = std::move(trainer).value();
  run->replaying = std::move(*capsule);
  send(id, head, bytes_of(network_text + spec::to_json(run->trainer->config())));
  send_metrics();
}

bool Session::State::judge_replay(bool over) {
  const auto difference = find_difference(*run->replaying, *run->trainer);
  if (difference) {
    send(0, protocol::Replayed{0, difference->epoch}, bytes_of(difference->sentence));
    run->replaying.reset();
    run->trainer->stop();
    return true;
  }
  if (!over) return false;
  send(0, protocol::Replayed{1, run->replaying->epochs}, bytes_of(confirmation(*run->replaying)));
  run->replaying.reset();
  return false;
}

}  // namespace engine::session
