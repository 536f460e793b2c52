# Compiler flags of our own code, each with its reason.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# One seed gives the same bits on every machine only if a*b+c is never fused (compilers fuse by default).
add_compile_options(-ffp-contract=off)

# nlohmann::json reports through its return value, as everything in the engine does.
add_compile_definitions(JSON_NOEXCEPTION=1)

if(EMSCRIPTEN)
  # The baseline of every browser the page supports (Chrome 91, Firefox 89, Safari 16.4).
  add_compile_options(-msimd128 -mbulk-memory -mnontrapping-fptoint)
  if(ATELIER_THREADS)
    add_compile_options(-pthread)
    add_link_options(-pthread)
  endif()
endif()

# ccache: a fresh clone with a warm cache builds in seconds. It works for em++ too.
find_program(ATELIER_CCACHE ccache)
if(ATELIER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ATELIER_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${ATELIER_CCACHE})
endif()

# Our code; third-party sources are compiled without.
add_library(atelier_flags INTERFACE)
target_compile_options(atelier_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror)
# g++ 14's range analysis sees overruns in std::vector<std::byte> that are not there, once it has inlined it at -O3. The
# sanitizer build looks for the real ones.
target_compile_options(atelier_flags INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-free-nonheap-object>")
target_include_directories(atelier_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(EMSCRIPTEN)
  # Without exceptions the modules are smaller and calls cheaper; the engine throws nothing. The tests do (Catch2).
  add_library(atelier_module_flags INTERFACE)
  target_compile_options(atelier_module_flags INTERFACE -fno-exceptions)
  target_compile_definitions(atelier_module_flags INTERFACE XTENSOR_DISABLE_EXCEPTIONS)
  target_link_libraries(atelier_module_flags INTERFACE atelier_flags)
else()
  add_library(atelier_module_flags ALIAS atelier_flags)
endif()
