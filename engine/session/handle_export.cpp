// The command about files of other programs.
#include "engine/kernels/image.hpp"
#include "engine/session/state.hpp"

namespace engine::session {

void Session::use_exporter(Exporter exporter) { state_->exporter = std::move(exporter); }

void Session::State::handle(u32 id, const protocol::Export& command, Tail tail) {
  if (!exporter)
    return fail(id, Code::wrong_state, "This engine writes no files of other programs.");
  const data::Images& test = dataset.test;
  const bool fits = test.h == kernels::kImageSide && test.w == kernels::kImageSide;
  const auto images = fits ? std::span<const u8>(test.pixels) : std::span<const u8>();
  const Result<ExportedFile> file =
      exporter(command.format, tail, images, lab ? lab->files() : LabFiles{});
  if (!file.ok()) return fail(id, file.problem());
  Bytes answer = bytes_of(file->name);
  append(answer, file->bytes);
  send(id, protocol::ExportFile{command.format, u32(file->name.size())}, std::move(answer));
}

}  // namespace engine::session
