# shellcheck shell=bash
# Shared by the scripts of this folder: source it, do not run it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root
readonly venv=$root/.venv
# shellcheck disable=SC2034  # for those that source this
readonly tidy_cache=${XDG_CACHE_HOME:-${HOME:-$root/build}/.cache}/packproof/tidy
readonly exit_infrastructure=5  # as the program's own

say() { printf 'packproof: %s\n' "$*" >&2; }

# die MESSAGE: for what is not a verdict on any kernel.
die() {
  say "$*"
  exit "$exit_infrastructure"
}

# pinned FILE GROUP...: first words of the lines under the headings '# [GROUP]'.
pinned() {
  local file=$root/scripts/$1 groups=" ${*:2} "
  awk -v groups="$groups" '
    match($0, /^# \[[a-z]+\]/) { wanted = index(groups, " " substr($0, 4, RLENGTH - 4) " ") }
    wanted && /^[^#]/ { print $1 }' "$file"
}

# usable FOLDER: it can be written, and is made where it is not there.
usable() { [[ -n $1 ]] && mkdir -p "$1" 2>/dev/null && [[ -w $1 ]]; }

# can_build PRESET: not so in a read-only checkout, or in another user's.
can_build() { usable "$root/build" && usable "$root/build/$1"; }

# lock: one set-up or build at a time in this work tree, so that shards may start side by side.
lock() {
  usable "$root/build" || die "nothing can be built here: $root/build cannot be written"
  exec 9>"$root/build/.lock"
  flock 9
}

unlock() { exec 9>&-; }

# set_up PRESET: installs what it needs; the clang presets want the development tools too.
set_up() {
  case $1 in
    cpu | cpu-asan | cuda) "$root/scripts/setup" ;;
    *) "$root/scripts/setup" --dev ;;
  esac
}

# keep_ccache_working: a cache that cannot be written fails every compile; then build/ has one.
keep_ccache_working() {
  command -v ccache >/dev/null || return 0
  local setting
  for setting in cache_dir temporary_dir; do
    usable "$(ccache --get-config "$setting" 2>/dev/null)" && continue
    export CCACHE_DIR=$root/build/.ccache CCACHE_TEMPDIR=$root/build/.ccache/tmp
    return
  done
}

# build PRESET [TARGET...]: configures when that is due, then builds. All output goes to stderr:
# stdout is the program's. Off a terminal it is shown only when something fails.
build() {
  local preset=$1 directory=$root/build/$1 targets=()
  shift
  (($#)) && targets=(--target "$@")
  keep_ccache_working
  local stamp=$directory/.configured
  if [[ ! $stamp -nt $root/CMakePresets.json || ! $stamp -nt $venv/.packproof ]]; then
    run_logged "$directory" configure cmake --preset "$preset"
    touch "$stamp"
  fi
  run_logged "$directory" build \
    cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}"
}

# run_logged DIRECTORY STEP COMMAND...: keeps the output in DIRECTORY/STEP.log.
run_logged() {
  local log=$1/$2.log step=$2
  mkdir -p "$1"
  shift 2
  if [[ -t 2 ]]; then
    # The lines of a build with nothing to do would make every run noisy.
    (cd "$root" && "$@") 2>&1 | tee "$log" |
      { grep -Ev 'ninja: no work to do|Re-checking globbed|Recording the commit' >&2 || true; } && return
  else
    [[ -s $log ]] || say "first $step in ${log%/*}: this takes minutes; output in ${log##*/} there"
    (cd "$root" && "$@") >"$log" 2>&1 && return
    cat "$log" >&2
  fi
  die "$step failed: $*"
}
