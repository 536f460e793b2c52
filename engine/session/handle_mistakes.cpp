// The command that looks for what a network gets wrong.
#include <algorithm>

#include "engine/io/load.hpp"
#include "engine/session/state.hpp"

namespace engine::session {
namespace {

// The most certain ones first, of equals the earlier image; no more than `most` of each pair.
std::vector<protocol::Mistake> worst(std::span<const protocol::Mistake> all, std::size_t classes,
                                     u32 most) {
  std::vector<protocol::Mistake> sorted(all.begin(), all.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  std::vector<u32> of_pair(classes * classes);
  std::vector<protocol::Mistake> kept;
  for (const protocol::Mistake& mistake : sorted) {
    if (of_pair[mistake.label * classes + mistake.chosen]++ < most) kept.push_back(mistake);
  }
  return kept;
}

}  // namespace

void Session::State::handle(u32 id, const protocol::GetMistakes& command, Tail tail) {
  constexpr u32 kMost = 64;
  if (command.most < 1 || command.most > kMost)
    return fail(id, Code::bad_message, "1 to 64 mistakes of each pair of classes can be shown.");
  Result<io::LoadedModel> model = io::load_any(tail);
  if (!model.ok()) return fail(id, model.problem());
  std::vector<u32> ids = ids_of(protocol::Split::test);
  if (refuse_without_images(id, protocol::Split::test, ids.empty())) return;
  const spec::Loss loss = natural_loss(model->network.spec());
  // Given away: in the page there may be no room for a copy beside a run.
  auto scoring = Scoring::create(std::move(model->network), loss, dataset.test, std::move(ids),
                                 *pool, io::permute_of(model->card));
  if (!scoring.ok()) return fail(id, scoring.problem());
  evaluating.push_back({id, std::move(scoring).value(), command.most});
}

void Session::State::send_mistakes(const Evaluating& done) {
  const analysis::Confusion& confusion = done.scoring->confusion();
  const std::vector<protocol::Mistake> kept =
      worst(done.scoring->mistakes(), std::size_t(confusion.classes()), done.most);
  const data::Images& images = dataset.test;
  Bytes tail;
  append(tail, std::as_bytes(confusion.counts()));
  append(tail, std::as_bytes(std::span(kept)));
  for (const protocol::Mistake& mistake : kept)
    append(tail, std::as_bytes(images.image(mistake.index)));
  const analysis::Share accuracy = confusion.accuracy();
  send(done.id,
       protocol::Mistakes{u32(confusion.classes()), u32(confusion.total()),
                          u32(confusion.correct()), u32(kept.size()), u32(images.h), u32(images.w),
                          f32(accuracy.low), f32(accuracy.high)},
       std::move(tail));
}

}  // namespace engine::session
