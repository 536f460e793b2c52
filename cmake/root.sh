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
    fail "Setting up the toolchain in $cache needs root: run this command as root, or open the built page folder from another machine."
  command -v apt-get >/dev/null ||
    fail "This system has no apt-get, from which the toolchain comes: use Debian 12 or 13, or cmake/Dockerfile."
  mkdir -p "$cache"
  local free_kb
  free_kb=$(df --output=avail -k "$cache" | tail -n 1)
  [ "$free_kb" -ge $((6 * 1024 * 1024)) ] ||
    fail "The toolchain needs 6 GB in $cache but $((free_kb / 1024)) MB are free: free some space, or set XDG_CACHE_HOME to a larger disk."
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

# Runs a command in the Debian 13 environment, in the current directory.
inside() {
  export CCACHE_DIR=$cache/ccache CCACHE_BASEDIR=$tree CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=2G
  export ATELIER_CACHE=$cache LANG=C.UTF-8 LC_ALL=C.UTF-8
  if [ "$kind" = host ]; then "$@"; return; fi
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    unshare --mount --propagation private \
    bash -euc "$(declare -f enter_root)"'; enter_root "$@"' - "$root" "$PWD" "$@"
}

install_packages() {
  inside env DEBIAN_FRONTEND=noninteractive sh -euc '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@"' - "$@" ||
    fail "apt-get could not install the Debian 13 packages ($*): check the network, then run this command again."
}

# ensure_packages GROUP…: installs what is missing. A stamp with the list's hash makes the usual case free.
ensure_packages() {
  local group stamp want
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock -n 9 || { echo "waiting for another run that sets up $cache" >&2; flock 9; }
  for group in "$@"; do
    stamp=$cache/packages-$group
    [ "$kind" = host ] || stamp=$root/packages-$group
    want=$(packages "$group" | sha256sum)
    if [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then continue; fi
    check_can_install
    if [ "$kind" = chroot ] && [ ! -d "$root" ]; then make_root; fi
    # shellcheck disable=SC2046 # one word a package
    install_packages $(packages "$group")
    echo "$want" >"$stamp"
  done
  exec 9>&-
}
