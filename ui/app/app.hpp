// The page without its screen: holds the Workshop, talks to two sessions (one in this module, for
// predictions in the same frame; one in the worker, for training) and to the page. Each frame:
// update() polls and applies, draw() draws between ImGui's NewFrame() and Render(), and what the
// user did is carried out and sent at once.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ui/app/keep.hpp"
#include "ui/app/keys.hpp"
#include "ui/app/layout.hpp"
#include "ui/app/report.hpp"
#include "ui/app/workshop.hpp"
#include "ui/link/link.hpp"
#include "ui/platform/texture.hpp"

namespace ui {

class App {
 public:
  App(Link& local, Link& worker,
      u32 seed);  // links outlive the app; the seed is for the page's own dice

  // Loads what was kept and the weights of the page (empty: there are none).
  void start(Bytes shipped_weights);

  // ---- What arrives from the page ----
  void pointer(const PointerSample& sample);
  bool key(const KeyPress& press);  // pressed; true: taken as a shortcut
  void files_arrived(std::string name, Bytes bytes);
  void plain_arrived(Bytes bytes);  // the page's second network; empty: it could not be loaded
  void picture(std::string name, std::vector<u8> grey, int width, int height);
  void stored(std::string_view key, std::span<const std::byte> bytes);
  void listed(std::string_view keys);  // one a line: the answer to platform::list()
  // ready: an engine is there; died: another one starts; restarted: that one has all images; gone:
  // the engine died once too often and stays away.
  enum class WorkerEvent { ready, died, restarted, gone };
  void worker(WorkerEvent event);
  void engine_info(std::string variant, u32 threads, bool isolated, std::string why);
  void data_problem(std::string sentence);
  void preferences(bool dark, bool reduced_motion, bool coarse_pointer);
  void hidden(bool hidden);                    // of the browser's tab
  void context_lost();                         // textures are to be made again
  std::string command(std::string_view json);  // window.atelier.do: "" or why not

  // ---- Frames ----
  void update(f64 milliseconds);  // a monotonic clock
  void draw(ImVec2 size);
  bool wants_frame() const;  // something moves or has to be drawn
  bool wants_time() const;   // update() is to be called again soon
  bool idle() const;         // nothing is pending, and the last frame shows it
  void touch(int frames = 3) { dirty_ = frames > dirty_ ? frames : dirty_; }

  const Workshop& workshop() const { return workshop_; }
  Panels& panels() { return panels_; }
  std::string state(const FrameTimes& times) const { return state_json(workshop_.model, times); }

 private:
  struct Pending {
    Purpose purpose = Purpose::none;
    Activation activation;
  };
  std::string perform(const Actions& actions);  // why the last one was refused, or ""
  void flush(Outbox& out);
  void send(Outgoing message);
  void drain(Link& link, To source);
  void on_event(const engine::protocol::Message<engine::protocol::Event>& event, To source);
  void refresh_paper();
  void predict();
  void refresh_lab();
  void refresh_steps();
  void tell_training();
  void say_toasts();
  void age_toasts(f64 seconds);
  void follow_theme();

  // app_keep.cpp
  void ask_checkpoint();
  void keep_checkpoint(const engine::protocol::CheckpointFile& head, const Bytes& bytes);
  void keep_note(bool released);
  void forget_checkpoint();
  void keep_work(bool now);
  void take_runs(std::string_view text);
  void take_work(std::string_view text);
  void take_picture(std::span<const std::byte> bytes);
  void offer_late_work();
  void begin_run();
  void load(const char* key);
  void take_note(std::span<const std::byte> bytes);
  void try_restore();
  void hear_out();
  bool was_fatal();
  void engine_died(bool gone);
  void stop_interrupted();
  void continue_after_restart();

  Link &local_, &worker_;
  Workshop workshop_;
  Panels panels_;
  std::map<u32, Pending> pending_[2];  // by To
  u32 next_id_ = 1;
  f64 now_ = 0;
  int dirty_ = 3;

  // The paper: committed drawing and what is shown, at the engine's size and at the screen's.
  std::vector<u8> base_, shown_, fine_base_, fine_;
  Drawing base_of_;
  std::size_t live_points_ = 0;
  bool paper_changed_ = true, predict_needed_ = true;
  f64 next_prediction_ = 0;
  platform::Texture paper_;

  // The preprocessing's pictures: the paper and its ink.
  std::array<platform::Texture, 2> steps_pictures_;
  u32 steps_shown_ = 0;  // version

  // The lab's pictures.
  std::array<platform::Texture, 2> lab_pictures_;
  u32 lab_shown_ = 0;  // version

  // Kept across reloads.
  int loads_ = 0;        // asked for, not answered yet
  bool opened_ = false;  // what was kept has been read: from now on it may be written
  bool training_told_ = false, hidden_ = false, prefers_trained_ = false;
  std::optional<Work> late_;               // what was kept, read after the user had begun
  std::vector<CheckpointNote> forgotten_;  // a pointer to one of these is to go
  u64 kept_changes_ = 0, seen_changes_ = 0;
  f64 changed_at_ = 0, checkpoint_at_ = 0;
  u64 kept_runs_ = 0;
  bool runs_asked_ = false;   // the list as other tabs left it is being read, to be added to
  u32 kept_shown_ = 0;        // page, theme and weights in use
  bool interrupted_ = false;  // the engine died during this run, which waits for another one
  bool hearing_out_ = false;  // what a dead engine has said is being read
  u32 fatal_ = 0;             // engines that died while the run that came back was given to them
  std::string run_id_;
  CheckpointNote origin_;                // of the checkpoint that the run came back from
  std::string pointed_run_;              // that the pointer named when it was last read
  CheckpointNote note_;                  // of the newest checkpoint of this tab
  Bytes checkpoint_;                     // its bytes, for a worker that dies
  std::optional<CheckpointNote> found_;  // after a reload: waits for images and for its bytes
  Bytes found_bytes_;
  f64 look_again_at_ = 0;  // whether another tab still writes the found one
};

}  // namespace ui
