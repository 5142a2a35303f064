# shellcheck shell=bash disable=SC2034,SC2154
# What every starter of a daemon shares. To be sourced. Where a function speaks of it, $folder is the daemon's folder,
# $log its log, and $user, with the command prefix "${as[@]}", whom it runs as.

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Sets user and as. Root may not run it: what root starts belongs to the user named first, or nobody where there is
# none, or to the owner of the data named second, if there are any.
belong_to() {
  user=$(id -un) as=()
  ((EUID == 0)) || return 0
  user=$1
  id -u "$user" &>/dev/null || user=nobody
  [[ ! -e $2 ]] || user=$(stat -c %U "$2")
  as=(setpriv "--reuid=$(id -u "$user")" "--regid=$(id -g "$user")" --clear-groups)
}

# install, for that user.
own() {
  install -o "$user" -g "$(id -g "$user")" "$@"
}

# One that has ended, but was not collected by its parent yet, is not.
alive() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null && [[ ${stat##*) } != [ZX]* ]]
}

# Prints the socket that listens on a port of 127.0.0.1; fails when none does. The kernel's table is read: an attempt to
# connect may be given the very port that it knocks at, and then keeps the listener from it for a minute.
listening() {
  awk -v port="$(printf ':%04X' "$1")" '$4 == "0A" && $2 ~ "^(0+|(0+FFFF0000)?0100007F)" port "$" { print $10; found = 1; exit } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

listens() {
  listening "$1" >/dev/null
}

# Who that is, as far as this user may see it.
listener() {
  local process link
  link=$(find /proc/[0-9]*/fd -lname "socket:\\[$(listening "$1")\\]" -print -quit 2>/dev/null) || true
  [[ $link == /proc/* ]] || { echo "a program of another user" && return; }
  process=${link#/proc/} process=${process%%/*}
  echo "process $process ($(tr '[:cntrl:]' ' ' <"/proc/$process/cmdline" | cut -c -60 | sed 's/ *$//'))"
}

free_port() {
  ! listens "$2" || fail "$1 cannot start: port $2 is taken by $(listener "$2")."
}

free_megabytes() {
  df --output=avail -BM "$1" | tr -dc '0-9\n' | tail -n 1
}

secret() {
  head -c 24 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

# Fails unless that user may enter the folder.
reachable() {
  local parent=$folder
  "${as[@]}" test -x "$folder" && return
  while ! "${as[@]}" test -x "$(dirname "$parent")"; do
    parent=$(dirname "$parent")
  done
  fail "$1 runs as user $user, who may not enter $parent: allow it with 'chmod a+x', or choose another folder."
}

# Makes the folder's open part, secrets/ and the log, which is kept small, and remembers where it ends.
prepare_folder() {
  chmod a+x "$folder"
  reachable "$1"
  [[ -d $folder/secrets ]] || mkdir -m 700 "$folder/secrets"
  prepare_log
}

prepare_log() {
  [[ ! -e $log ]] || (($(stat -c %s "$log") < 10000000)) || mv "$log" "$log.1"
  touch "$log"
  chmod 600 "$log"
  logged=$(stat -c %s "$log")
}

# Fails, with what the log has gained since then, at most 20 lines.
explain() {
  fail "$1 The log, $log, ends with:"$'\n'"$(tail -c "+$((logged + 1))" "$log" | tail -n 20)"
}

# Starts a program that stays, and sets pid: in a session of its own, and with nothing open of what the caller has.
detach() {
  (
    for fd in /proc/self/fd/*; do
      ((${fd##*/} < 3)) || eval "exec ${fd##*/}>&-"
    done
    exec setsid "$@"
  ) </dev/null >>"$log" 2>&1 &
  pid=$!
}

# Waits until processes have ended: <title> <seconds> <process> …
gone() {
  local deadline=$((SECONDS + $2)) process
  for process in "${@:3}"; do
    while alive "$process"; do
      ((SECONDS < deadline)) || fail "$1 (process $process) has not stopped after $2 s; see $log."
      sleep 0.02
    done
  done
}

# Before any work in the folder: <command> <title>. One at a time, and whoever may not is told.
enter_folder() {
  if [[ $1 == start || $1 == restart ]]; then
    mkdir -p "$folder" 2>/dev/null || fail "$(id -un) may not make $folder: start $2 as another user, or choose another folder."
  fi
  [[ -e $folder ]] || return 0
  [[ -w $folder ]] || fail "$(id -un) may not write $folder: do this as $(stat -c %U "$folder")."
  [[ $1 == status ]] || { exec 9>"$folder/lock" && flock 9; }
}
