#include "engine/session/exporter.hpp"

#include "engine/io/export.hpp"
#include "engine/io/load.hpp"
#include "engine/kernels/image.hpp"

namespace engine::session {

static_assert(u32(protocol::ExportFormat::ddp) == u32(io::Export::ddp) &&
                  u32(protocol::ExportFormat::onnx) == u32(io::Export::onnx),
              "the message's formats are those of engine/io");

Result<ExportedFile> export_file(protocol::ExportFormat format, std::span<const std::byte> weights,
                                 std::span<const u8> images, const LabFiles& lab) {
  if (u32(format) >= io::kExports)
    return Problem{Code::bad_message, "There is no such format to export to."};
  const Result<io::LoadedModel> model = io::load_any(weights);
  if (!model.ok()) return model.problem();
  constexpr Shape kTestImages{1, kernels::kImageSide, kernels::kImageSide};
  const bool fits = model->network.spec().input == kTestImages;
  const auto wanted = io::Export(format);
  Result<io::Bytes> bytes =
      io::export_model(wanted, *model, fits ? images : std::span<const u8>(),
                       {lab.program, lab.training_png, lab.classification_png});
  if (!bytes.ok()) return bytes.problem();
  return ExportedFile{std::string(io::file_name(wanted)), std::move(bytes).value()};
}

}  // namespace engine::session
