# Toolchain file of the wasm presets: Emscripten's own, wherever its emcc is installed.
find_program(ATELIER_EM_CONFIG em-config REQUIRED)
execute_process(COMMAND ${ATELIER_EM_CONFIG} EMSCRIPTEN_ROOT OUTPUT_VARIABLE ATELIER_EMSCRIPTEN_ROOT
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
include(${ATELIER_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake)
