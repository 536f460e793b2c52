// Commands about images: load chunks, look at one, preview augmentation, evaluate.
#include "engine/data/packed.hpp"
#include "engine/session/state.hpp"
#include "engine/spec/json.hpp"
#include "engine/train/examples.hpp"

namespace engine::session {

const data::Images& Session::State::images_of(protocol::Split split) const {
  return split == protocol::Split::test ? dataset.test : dataset.train;
}

std::vector<u32> Session::State::ids_of(protocol::Split split) const {
  if (split == protocol::Split::test) return all_ids(dataset.test.count());
  if (run)
    return split == protocol::Split::train ? run->trainer->split().train
                                           : run->trainer->split().validation;
  return split == protocol::Split::train ? all_ids(dataset.train.count()) : std::vector<u32>{};
}

// Answers for a set without images; false when there are some.
bool Session::State::refuse_without_images(u32 id, protocol::Split split, bool none) {
  if (split > protocol::Split::test) {
    fail(id, Code::bad_message, "There are three sets of images: training, validation and test.");
  } else if (none && split == protocol::Split::validation && !run) {
    fail(id, Code::wrong_state,
         "The validation images are chosen when training starts. Start a run first.");
  } else if (none) {
    fail(id, Code::wrong_state,
         "No images of this kind are loaded yet. Wait for the data, or load a data set.");
  } else {
    return false;
  }
  return true;
}

void Session::State::handle(u32 id, const protocol::AddData&, Tail tail) {
  Result<data::Chunk> chunk = data::read_chunk(tail);
  if (!chunk.ok()) return fail(id, chunk.problem());
  if (Status added = data::append_chunk(dataset, *chunk); !added.ok())
    return fail(id, added.problem());
  const data::Images& shown = dataset.train.count() > 0 ? dataset.train : dataset.test;
  send(id, protocol::DataAdded{dataset.train.count(), dataset.test.count(), u32(shown.h),
                               u32(shown.w)});
}

void Session::State::handle(u32 id, const protocol::GetImage& command, Tail) {
  const std::vector<u32> ids = ids_of(command.split);
  if (refuse_without_images(id, command.split, ids.empty())) return;
  const data::Images& images = images_of(command.split);
  const u32 index = command.index % u32(ids.size());
  const std::span<const u8> pixels = images.image(ids[index]);
  Bytes tail;
  append(tail, std::as_bytes(pixels));
  const u32 label = images.labels[ids[index]];
  send(id, protocol::Image{command.split, index, label, u32(images.h), u32(images.w)},
       std::move(tail));
}

void Session::State::handle(u32 id, const protocol::PreviewAugment& command, Tail tail) {
  constexpr u32 kMaxVariants = 64;
  const Result<spec::Train> train = spec::train_from_json(text_of(tail));
  if (!train.ok()) return fail(id, train.problem());
  if (command.count < 1 || command.count > kMaxVariants) {
    return fail(id, Code::bad_message, "A preview shows 1 to 64 variants.");
  }
  const data::Images& images = dataset.train;
  if (refuse_without_images(id, protocol::Split::train, images.count() == 0)) return;
  const std::vector<u8> pixels =
      train::examples(images, *train, command.index % images.count(), command.seed, command.count);
  Bytes sheet;
  append(sheet, std::as_bytes(std::span(pixels)));
  send(id, protocol::Sheet{command.count, u32(images.h), u32(images.w)}, std::move(sheet));
}

void Session::State::handle(u32 id, const protocol::Evaluate& command, Tail) {
  const nn::Network* now = current();
  if (now == nullptr)
    return fail(id, Code::wrong_state, "There is no network to evaluate. Make or load one first.");
  std::vector<u32> ids = ids_of(command.split);
  if (refuse_without_images(id, command.split, ids.empty())) return;
  const spec::Loss loss = run ? run->trainer->config().loss : natural_loss(now->spec());
  auto scoring =
      Scoring::create(*now, loss, images_of(command.split), std::move(ids), *pool, permute());
  if (!scoring.ok()) return fail(id, scoring.problem());
  evaluating.push_back({id, std::move(scoring).value()});
}

void Session::State::work_on_evaluation() {
  const Evaluating& first = evaluating.front();
  if (first.scoring->step()) return;
  first.most > 0 ? send_mistakes(first) : send_evaluation(first);
  evaluating.pop_front();
}

void Session::State::send_evaluation(const Evaluating& done) {
  const analysis::Confusion& confusion = done.scoring->confusion();
  Bytes counts;
  append(counts, std::as_bytes(confusion.counts()));
  const protocol::Evaluation result{u32(confusion.classes()), u32(confusion.total()),
                                    u32(confusion.correct()), done.scoring->loss()};
  send(done.id, result, std::move(counts));
}

}  // namespace engine::session
