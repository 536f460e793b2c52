// Part 1 of the lab inside a session, as an interface: the page's own module has no lab, so that
// its fonts and pictures are no part of the page's first load. make_lab() (lab_run.cpp) gives the
// real one.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/protocol/messages.hpp"

namespace engine::session {

// What the last run that was done made for the hand-in; empty before.
struct LabFiles {
  std::vector<std::byte> program, training_png, classification_png;
};

class Lab {
 public:
  using Send =
      std::function<void(u32 id, const protocol::Event& head, std::vector<std::byte> tail)>;
  virtual ~Lab() = default;
  void connect(Send send) { send_ = std::move(send); }  // by the session that owns it
  const LabFiles& files() const { return files_; }

  virtual void start(u32 id, const protocol::LabStart& command) = 0;
  virtual void stop(u32 id) = 0;
  virtual bool has_work() const = 0;
  virtual void work_once() = 0;
  // One packed chunk (data/packed.hpp) with the images of one digit. Answers what `need` of
  // make_lab() asked for, as does the other: the sentence says why they cannot be had.
  virtual void add_digit(std::span<const std::byte> chunk) = 0;
  virtual void digits_failed(std::string_view sentence) = 0;

 protected:
  Send send_;
  LabFiles files_;
};

// `need` asks for the images of a digit; they may come during the call or later.
std::unique_ptr<Lab> make_lab(std::function<void(u32 digit)> need);

}  // namespace engine::session
