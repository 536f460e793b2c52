// What was asked of the page, for tests: bridge_native.cpp remembers it here.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace ui::platform {

struct Asked {
  std::vector<std::vector<std::byte>> posted;
  std::map<std::string, std::vector<std::byte>> stored;     // by key, the newest value
  std::map<std::string, std::vector<std::byte>> downloads;  // by name
  std::vector<std::string> loads, lists, fetched, announced, urgent, copied;
  int open_file = 0, wakes = 0;
  unsigned tab = 0;
  bool training = false;
};
Asked& asked();  // of this process; a test starts with asked() = {}

}  // namespace ui::platform
