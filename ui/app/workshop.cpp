#include "ui/app/workshop.hpp"

#include <cstring>
#include <utility>

namespace ui {

Work work_of(const Model& model) {
  return {model.drawing, model.network, model.train, model.lab.settings};
}

void show_toast(Model& model, Toast::Kind kind, std::string text) {
  for (const Toast& toast : model.toasts) {
    if (toast.text == text) return;  // said already
  }
  const f32 seconds = kind == Toast::Kind::bad ? 10.0f : 5.0f;
  model.toasts.push_back({kind, std::move(text), seconds});
  if (model.toasts.size() > kMostToasts) model.toasts.pop_front();
}

void refuse(Model& model, Outbox& out, std::string sentence, Toast::Kind kind) {
  out.refused = sentence;
  show_toast(model, kind, std::move(sentence));
}

void set_network(Model& model, engine::spec::Network network) {
  model.network = std::move(network);
  model.draft = engine::spec::infer_draft(model.network);
}

void activate(Outbox& out, WeightsFrom from, std::string note, Bytes bytes, f32 test_accuracy) {
  out.messages.push_back({.to = To::local,
                          .head = engine::protocol::LoadModel{0},
                          .tail = bytes,
                          .purpose = Purpose::activate,
                          .activation = {from, std::move(note), test_accuracy, std::move(bytes)}});
}

void begin_view(Workshop& workshop, RunStart start) {
  Model& m = workshop.model;
  const u64 started = m.training.started + 1;
  m.training = {};
  m.training.started = started;
  m.training.network_name = start.network.name;
  m.restored = false;
  m.replay = {};
  workshop.run = std::move(start);
}

u32 roll(Workshop& workshop) {
  u32& x = workshop.random;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

Bytes bytes_of(std::string_view text) {
  Bytes bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace ui
