# A Debian 13 environment for the build, sourced by ./atelier.
#   Debian 13 or newer: its own packages.  An older Debian: a Debian 13 root in the cache, entered with chroot.
# Needs from the caller: tree (the source tree), fail (prints one sentence and ends).
cache=${XDG_CACHE_HOME:-$HOME/.cache}/atelier
root=$cache/root
suite=trixie

# host: Debian 13's packages are installed on this machine; chroot: they live in $root.
environment_kind() {
  local ID= VERSION_ID=
  [ -r /etc/os-release ] && . /etc/os-release
  # Debian testing and unstable carry no VERSION_ID and are newer than 13.
  if [ "$ID" = debian ] && [ "${VERSION_ID:-99}" -ge 13 ]; then echo host; else echo chroot; fi
}
kind=$(environment_kind)

# The names of the packages in the given groups.
packages() {
  local group
  for group in "$@"; do awk -v g="$group" '$1 == g {print $2}' "$tree/cmake/packages.txt"; done
}

# The archive this machine's own apt uses for Debian; never a fixed name.
debian_mirror() {
  apt-get indextargets --format '$(SITE) $(SUITE) $(LABEL)' 'Created-By: Packages' 'Component: main' |
    awk '$3 == "Debian" && NF == 3 && $2 !~ /-/ {print $1; exit}'
}

check_can_install() {
  [ "$(id -u)" = 0 ] ||
    fail "Setting up the toolchain in $cache needs root: run this command as root, or copy a built build/site here, which any web server can serve."
  command -v apt-get >/dev/null ||
    fail "This system has no apt-get, from which the toolchain comes: use Debian 12 or 13."
  [ "$kind" = host ] || unshare --mount true 2>/dev/null ||
    fail "This machine allows no mounts, which a Debian 13 root needs: in a container use a Debian 13 image, or add the capability SYS_ADMIN."
  mkdir -p "$cache"
  local free need=6
  [ ! -d "$root" ] || need=1
  free=$(($(df --output=avail -k "$cache" | tail -n 1) / 1024 / 1024))
  [ "$free" -ge "$need" ] ||
    fail "The toolchain needs $need GB in $cache but $free GB are free: free some space, or set XDG_CACHE_HOME to a larger disk."
}

# Removes a folder that may once have been a root. Binds live only in private mount namespaces; if one is seen here
# all the same, removing would reach into the machine's own /dev, so stop.
remove_root() {
  [ -e "$1" ] || return 0
  ! grep -qF " $1/" /proc/self/mountinfo ||
    fail "Something is mounted below $1: unmount it, then run this command again."
  rm -rf --one-file-system "$1"
}

# Makes $root under a temporary name and renames it when complete.
make_root() {
  local new=$cache/root.new mirror
  apt-get update -qq || fail "apt-get update failed on this machine: check its network and its package sources."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap util-linux ||
    fail "apt-get could not install mmdebstrap: check this machine's package sources."
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || fail "No Debian archive among this machine's package sources: add Debian's main archive to apt."
  remove_root "$new"
  mmdebstrap --mode=root --variant=apt --components=main --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$suite" "$new" "$mirror" || fail "A Debian 13 root could not be made in $new: check the network, then run this command again."
  printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"  # no service starts inside
  chmod +x "$new/usr/sbin/policy-rc.d"
  # The way this machine's apt reaches its archive (proxy, time checks), for later installs.
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)[^ ]* "[^"]+' >"$new/etc/apt/apt.conf.d/90host" || true
  mv "$new" "$root"
}

# Runs inside a private mount namespace: binds this machine's folders, except the system's, into the root at the
# same paths, then becomes the command. Nothing is bound once the process is gone.
enter_root() {
  local root=$1 directory=$2 own top
  shift 2
  own=/$(cut -d/ -f2 <<<"$root")  # holds the root itself: bound first, or it would carry the other binds along
  for top in "$own" $(find / -mindepth 1 -maxdepth 1 -type d ! -path "$own"); do
    case $top in /bin | /boot | /etc | /lib* | /lost+found | /sbin | /usr | /var) continue ;; esac
    mkdir -p "$root$top"
    mount --rbind "$top" "$root$top"
  done
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
  exec chroot "$root" /bin/bash -c 'cd "$1" && shift && exec "$@"' - "$directory" "$@"
}

# Becomes a command in the Debian 13 environment, in the current directory.
exec_inside() {
  export CCACHE_DIR=$cache/ccache CCACHE_BASEDIR=$tree CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G
  export ATELIER_CACHE=$cache LANG=C.UTF-8 LC_ALL=C.UTF-8
  if [ "$kind" = host ]; then exec "$@"; fi
  [ "$(id -u)" = 0 ] || fail "Entering the Debian 13 root in $root needs root: run this command as root."
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1  # mpirun asks, and there is no other user
  exec env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    unshare --mount --propagation private \
    bash -euc "$(declare -f enter_root)"'; enter_root "$@"' - "$root" "$PWD" "$@"
}
inside() { (exec_inside "$@"); }

install_packages() {
  inside env DEBIAN_FRONTEND=noninteractive sh -euc '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@"' - "$@" ||
    fail "apt-get could not install the Debian 13 packages ($*): check the network, then run this command again."
}

# A group's stamp holds the hash of its list, beside the packages themselves, and makes the usual case free.
# Inside that root, where mpirun may start us anew, they lie at its top.
group_stamp() {
  if [ "$kind" = chroot ]; then echo "$root/packages-$1"
  elif [ -e /packages-build ]; then echo "/packages-$1"
  else echo "$cache/packages-$1"; fi
}
group_hash() { packages "$1" | sha256sum; }

packages_missing() {
  local group
  for group in "$@"; do
    [ "$(cat "$(group_stamp "$group")" 2>/dev/null)" = "$(group_hash "$group")" ] || return 0
  done
  return 1
}

# ensure_packages GROUP…: installs what is missing.
ensure_packages() {
  local group
  packages_missing "$@" || return 0
  check_can_install
  exec 9>"$cache/lock"
  flock 9
  if [ "$kind" = chroot ] && [ ! -d "$root" ]; then make_root; fi
  for group in "$@"; do
    packages_missing "$group" || continue
    # shellcheck disable=SC2046 # one word a package
    install_packages $(packages "$group")
    group_hash "$group" >"$(group_stamp "$group")"
  done
  exec 9>&-
  check_emcc
}

# Debian 12's emcc, 3.1.6, would build the page without complaint and with other bits.
check_emcc() {
  local version
  version=$(inside emcc -dumpversion) || fail "emcc does not run: remove $root and run this command again."
  printf '3.1.69\n%s\n' "$version" | sort -CV ||
    fail "emcc is $version but the page needs 3.1.69 or newer: use Debian 13's emscripten."
}
