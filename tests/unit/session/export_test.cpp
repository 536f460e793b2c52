// Files of other programs through messages.
#include <catch2/catch_test_macros.hpp>
#include <string_view>

#include "engine/io/export.hpp"
#include "engine/io/load.hpp"
#include "engine/protocol/wire.hpp"
#include "engine/session/exporter.hpp"
#include "engine/session/session.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/small_model.hpp"

using namespace engine;

namespace {

// The one answer to an Export of the small network.
protocol::Message<protocol::Event> answer_to(protocol::ExportFormat format, bool can_export) {
  std::vector<protocol::Message<protocol::Event>> answers;
  session::Session session([&](std::span<const std::byte> bytes) {
    answers.push_back(protocol::decode<protocol::Event>(bytes).value());
  });
  if (can_export) session.use_exporter(session::export_file);
  const io::LoadedModel model = test::small_model();
  protocol::Message<protocol::Command> command{7, protocol::Export{format},
                                               io::save_model(model.network, model.card).value()};
  session.receive(protocol::encode(command));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].id == 7);
  return answers[0];
}

}  // namespace

TEST_CASE("session: weights are exported under the file's own name", "[session][io]") {
  const auto answer = answer_to(protocol::ExportFormat::torch, true);
  const auto* file = std::get_if<protocol::ExportFile>(&answer.head);
  REQUIRE(file != nullptr);
  const std::string_view text(reinterpret_cast<const char*>(answer.tail.data()), file->name_bytes);
  CHECK(text == "model.pt");
  const auto back = io::load_any(std::span(answer.tail).subspan(file->name_bytes));
  REQUIRE(back.ok());
  CHECK(back->network.weight_hash() == test::small_model().network.weight_hash());
}

TEST_CASE("session: what cannot be exported is a sentence", "[session][io]") {
  const auto code = [](protocol::ExportFormat format, bool can_export) {
    const auto answer = answer_to(format, can_export);
    const auto* failed = std::get_if<protocol::Failed>(&answer.head);
    REQUIRE(failed != nullptr);
    CHECK(answer.tail.size() > 10);
    return Code(failed->code);
  };
  CHECK(code(protocol::ExportFormat::torch, false) == Code::wrong_state);
  CHECK(code(protocol::ExportFormat::bundle, true) == Code::wrong_state);
  CHECK(code(protocol::ExportFormat::ddp, true) == Code::wrong_state);  // no word of its training
  CHECK(code(protocol::ExportFormat(99), true) == Code::bad_message);
}

TEST_CASE("session: the program of a training that drew is refused, a plain one is not",
          "[session][io][sketch]") {
  io::LoadedModel model = test::small_model();
  spec::Train train;
  model.card.notes["train"] = spec::to_json(train);
  const auto plain = io::export_model(io::Export::ddp, model, {});
  CHECK(plain.ok());
  train.versions = 1;
  model.card.notes["train"] = spec::to_json(train);
  const auto refused = io::export_model(io::Export::ddp, model, {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.problem().code == Code::wrong_state);
}
