# Third-party libraries: system packages natively; for wasm what cmake/sources.sh put into the cache.
set(ATELIER_CACHE "$ENV{ATELIER_CACHE}" CACHE PATH "Sources and wasm libraries made by cmake/sources.sh")
if(NOT ATELIER_CACHE)
  set(ATELIER_CACHE "$ENV{HOME}/.cache/atelier" CACHE PATH "" FORCE)
endif()
if(NOT EXISTS ${ATELIER_CACHE}/src/imgui/imgui.cpp)
  message(FATAL_ERROR "Dear ImGui's sources are not in ${ATELIER_CACHE}/src: "
    "configure through ./atelier, which fetches them.")
endif()

if(EMSCRIPTEN)
  include_directories(SYSTEM ${ATELIER_CACHE}/wasm/include)
  # stb alone: /usr/include as a whole would put glibc's headers before Emscripten's.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/headers)
  file(CREATE_LINK /usr/include/stb ${CMAKE_BINARY_DIR}/headers/stb SYMBOLIC)
  include_directories(SYSTEM ${CMAKE_BINARY_DIR}/headers)
  set(variant $<IF:$<BOOL:${ATELIER_THREADS}>,mt,st>)
  add_library(Catch2::Catch2WithMain INTERFACE IMPORTED)
  target_link_libraries(Catch2::Catch2WithMain INTERFACE ${ATELIER_CACHE}/wasm/lib/libcatch2-${variant}.a)
  add_library(sdl2 INTERFACE)
  target_include_directories(sdl2 SYSTEM INTERFACE ${ATELIER_CACHE}/wasm/include/SDL2)
  target_link_libraries(sdl2 INTERFACE ${ATELIER_CACHE}/wasm/lib/libSDL2.a)
else()
  find_package(Threads REQUIRED)
  find_package(ZLIB REQUIRED)
  find_package(Catch2 3 REQUIRED)
endif()

# Dear ImGui. The test-engine hooks are ours (ui/): they list the controls of a frame for tests and for the
# accessible mirror of the page. The same defines everywhere: they change ImGui's layout in memory.
set(imgui ${ATELIER_CACHE}/src/imgui)
add_library(imgui STATIC EXCLUDE_FROM_ALL
  ${imgui}/imgui.cpp ${imgui}/imgui_draw.cpp ${imgui}/imgui_tables.cpp ${imgui}/imgui_widgets.cpp
  ${imgui}/misc/cpp/imgui_stdlib.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${imgui} ${imgui}/misc/cpp)
target_compile_definitions(imgui PUBLIC IMGUI_ENABLE_TEST_ENGINE IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)
target_compile_options(imgui PRIVATE -w)

if(EMSCRIPTEN)
  target_compile_options(imgui PRIVATE -Oz -fno-exceptions)
endif()
