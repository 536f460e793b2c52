# Libraries that Emscripten's Debian package does not carry, built once into the cache from Debian's source packages.
# Sourced by ./atelier after cmake/root.sh. Results: $cache/src/{imgui,libsdl2,catch2} and $cache/wasm/lib/*.a.

# The versions this tree is tested with; others would change the page's look or the tests' reports unseen.
sources="libsdl2=2.32.4 imgui=1.90.1 catch2=3.7.1"

# Unpacks Debian's source packages into $cache/src, all at once or not at all.
fetch_sources() {
  local mirror new=$cache/src.new
  mirror=$(inside apt-get indextargets --format '$(SITE) $(SUITE) $(LABEL)' 'Created-By: Packages' 'Component: main' |
    awk '$3 == "Debian" && NF == 3 && $2 !~ /-/ {print $1; exit}')
  [ -n "$mirror" ] || fail "No Debian archive among apt's sources: add Debian's main archive."
  rm -rf "$new"
  mkdir -p "$new/lists/partial"
  echo "deb-src $mirror $suite main" >"$new/sources.list"
  (cd "$new" && inside sh -euc '
    apt="apt-get -qq -o Dir::Etc::SourceList=$PWD/sources.list -o Dir::Etc::SourceParts=- -o Dir::State::Lists=$PWD/lists
      -o APT::Sandbox::User=root"
    $apt update
    for source in "$@"; do
      package=${source%=*}
      $apt source "$package"
      set -- "$package-${source#*=}"*/
      [ -d "$1" ] || { echo "Debian has another $package than ${source#*=}"; exit 1; }
      mv "$1" "$package"
    done' - $sources) ||
    fail "Debian's sources of SDL2, Dear ImGui and Catch2 could not be fetched: check the network, then run this command again."
  rm -rf "$new"/lists "$new"/*.dsc "$new"/*.tar.* "$cache/src"
  mv "$new" "$cache/src"
}

# SDL2 as a static wasm library: video and events, which is what the page uses. Compiled file by file on SDL's own
# configuration for Emscripten; its CMake files would first link some 350 probes with emcc (4 minutes).
build_sdl2() {
  mkdir -p wasm/build/sdl2 wasm/lib
  cat >wasm/build/sdl2/SDL_config.h <<'HEADER'
#ifndef SDL_config_h_
#define SDL_config_h_
#include "SDL_config_emscripten.h"
#undef SDL_AUDIO_DRIVER_DISK
#undef SDL_AUDIO_DRIVER_EMSCRIPTEN
#undef SDL_JOYSTICK_EMSCRIPTEN
#undef SDL_LOADSO_DLOPEN
#undef SDL_POWER_EMSCRIPTEN
#define SDL_ATOMIC_DISABLED 1
#define SDL_AUDIO_DISABLED 1
#define SDL_JOYSTICK_DISABLED 1
#define SDL_JOYSTICK_DUMMY 1
#define SDL_HAPTIC_DUMMY 1
#define SDL_SENSOR_DISABLED 1
#define SDL_LOADSO_DISABLED 1
#define SDL_LOADSO_DUMMY 1
#define SDL_RENDER_DISABLED 1
#define SDL_POWER_DISABLED 1
#define SDL_LOCALE_DISABLED 1
#define SDL_LOCALE_DUMMY 1
#endif
HEADER
  inside bash -euc '
    src=src/libsdl2/src
    printf "%s\0" $src/*.c $src/{atomic,audio,cpuinfo,dynapi,events,file,haptic,hidapi,joystick,libm,locale}/*.c \
      $src/{misc,power,render,sensor,stdlib,thread,timer,video}/*.c $src/{audio,joystick,loadso,locale,sensor}/dummy/*.c \
      $src/{haptic,video}/dummy/*.c $src/{filesystem,misc,video}/emscripten/*.c $src/thread/generic/*.c \
      $src/timer/unix/*.c $src/video/yuv2rgb/*.c |
      nice xargs -0 -P "$(nproc)" -n 12 bash -euc "
        for file in \"\$@\"; do
          object=wasm/build/sdl2/\$(tr / _ <<<\"\${file#src/libsdl2/src/}\").o
          ccache emcc -Oz -w -Iwasm/build/sdl2 -Isrc/libsdl2/include -c \"\$file\" -o \"\$object\"
        done" -
    emar crs wasm/lib/libSDL2.a wasm/build/sdl2/*.o'
}

# Catch2 with its main, without and with threads. Tests alone use exceptions.
build_catch2() {
  inside sh -euc '
    mkdir -p wasm/lib wasm/build
    for threads in st mt; do
      flags="-std=c++20 -O1 -fwasm-exceptions"
      [ $threads = st ] || flags="$flags -pthread"
      nice ccache em++ $flags -c src/catch2/extras/catch_amalgamated.cpp -o wasm/build/catch2-$threads.o
      emar crs wasm/lib/libcatch2-$threads.a wasm/build/catch2-$threads.o
    done'
}

# Header-only libraries by name: /usr/include as a whole would put glibc's headers before Emscripten's.
link_headers() {
  mkdir -p "$cache/wasm/include"
  local name
  for name in catch2 nlohmann xtensor xtl; do ln -sfn "/usr/include/$name" "$cache/wasm/include/$name"; done
  ln -sfn ../../src/libsdl2/include "$cache/wasm/include/SDL2"
}

# ensure_sources: the libraries are there and were built from this very file.
ensure_sources() {
  local want log
  want=$(sha256sum <"$tree/cmake/sources.sh")
  log=$cache/sources.log
  exec 9>"$cache/lock"
  flock 9
  if [ "$(cat "$cache/wasm/stamp" 2>/dev/null)" != "$want" ]; then
    [ -d "$cache/src" ] || fetch_sources
    rm -rf "$cache/wasm"
    mkdir -p "$cache/wasm"
    (cd "$cache" && link_headers && build_sdl2 && build_catch2) >"$log" 2>&1 ||
      { tail -n 40 "$log" >&2; fail "SDL2 or Catch2 could not be built for the page; the whole log is $log."; }
    echo "$want" >"$cache/wasm/stamp"
  fi
  exec 9>&-
}
