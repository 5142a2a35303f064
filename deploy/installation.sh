# shellcheck shell=bash disable=SC2034
# One installation: where it is, what it consists of, and which of it runs. To be sourced.
#
# Everything is in $VIGIL_RUN, by default .run in the repository. $VIGIL_PORT, by default 8080, is remembered there.

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=daemon.sh
. "$here/daemon.sh"
root=$(dirname "$here")
run=$(realpath -m -- "${VIGIL_RUN:-$root/.run}")
base=${VIGIL_PORT:-$(cat "$run/port" 2>/dev/null || echo 8080)}
if [[ ! $base =~ ^[1-9][0-9]{0,4}$ ]] || ((base > 65529)); then
  fail "VIGIL_PORT is a number from 1 to 65529, but not '$base'."
fi

# Each needs those before it.
parts=(postgres rabbitmq identity authoring publishing notification gateway)
services=("${parts[@]:2}")
declare -A port=(
  [gateway]=$base [authoring]=$((base + 1)) [publishing]=$((base + 2)) [notification]=$((base + 3)) [identity]=$((base + 4))
  [postgres]=$((base + 5)) [rabbitmq]=$((base + 6))
)

is_part() {
  [[ " ${parts[*]} " == *" $1 "* ]]
}

# The log of a part. The stores have theirs in their own folder.
log_of() {
  case $1 in
    postgres | rabbitmq) echo "$run/$1/log" ;;
    *) echo "$run/logs/$1.log" ;;
  esac
}

# Sets pid to the process of a part; fails when there is none. The table of processes is asked, and no note of ours, which
# could be lost, or be older than the number's present owner.
process_of() {
  local part=$1 mark of arguments
  case $part in
    postgres) mark=$(realpath -m "$run/postgres")/data ;;
    rabbitmq) mark=$(realpath -m "$run/rabbitmq")/node ;;
    *) mark=$run/programs/ ;;
  esac
  # shellcheck disable=SC2013 # no such file has a space in its name
  for of in $(grep -lsazF -- "$mark" /proc/[0-9]*/cmdline); do
    { mapfile -d '' -t arguments <"$of"; } 2>/dev/null || continue
    case $part in
      postgres) [[ ${arguments[*]} == */postgres' -D '"$mark "* ]] ;;
      rabbitmq) [[ ${arguments[*]} == */beam.smp' '*' -home '"$mark "* ]] ;;
      *) [[ ${arguments[*]} == */dotnet' '"$mark"*"/${part^}/${part^}.dll" ]] ;;
    esac || continue
    of=${of#/proc/} pid=${of%%/*}
    alive "$pid" && return
  done
  return 1
}

# Sets supervisor to the process that keeps a part running; fails when there is none, which its lock tells.
supervisor_of() {
  [[ -e $run/parts/$1.lock ]] && ! flock -n "$run/parts/$1.lock" true || return 1
  { read -r supervisor <"$run/parts/$1.lock"; } 2>/dev/null || supervisor=
}

# Whether a part does its work.
is_ready() {
  case $1 in
    postgres | rabbitmq) listens "${port[$1]}" ;;
    *) [[ $(status_at "http://127.0.0.1:${port[$1]}/health/ready") == 200 ]] ;;
  esac
}

# The status that an address answers with, 000 when nothing does.
status_at() {
  curl --silent --noproxy '*' --max-time 5 --output /dev/null --write-out '%{http_code}' "$1" || true
}

# Runs a service as its launch file says: the runtime, the program, then a setting a line. The settings hold secrets, which
# are in no argument.
# shellcheck disable=SC2016 # for the inner shell to expand
with_settings=(env -i "PATH=$PATH" "HOME=${HOME:-/}" LANG=C.UTF-8 bash -c
  'mapfile -t lines <"$1" && for line in "${lines[@]:2}"; do export "$line"; done && exec "${lines[0]}" "${lines[1]}" "${@:2}"' -)

# One deploy/up or deploy/down at a time.
alone() {
  exec 8>"$run/lock"
  flock -n 8 && return
  echo "Waiting for another deploy/up or deploy/down to finish …"
  flock 8
}

# Ends what keeps a part running, and then the part; fails when it runs on.
stop_part() {
  local deadline=$((SECONDS + 60)) log
  log=$(log_of "$1")
  while supervisor_of "$1"; do
    [[ -z $supervisor ]] || kill "$supervisor" 2>/dev/null || true
    ((SECONDS < deadline)) || fail "The supervisor of $1 (process ${supervisor:-unknown}) cannot be ended by $(id -un)."
    sleep 0.02
  done
  case $1 in
    postgres | rabbitmq) [[ ! -d $run/$1 ]] || "$here/$1/run" stop "$run/$1" "${port[$1]}" ;;
    *)
      process_of "$1" || return 0
      kill "$pid" || fail "$1 (process $pid) cannot be ended by $(id -un)."
      # What does not end in the time that it has for the requests it is at, is lost.
      (gone "$1" 40 "$pid") 2>/dev/null || kill -KILL "$pid"
      gone "$1" 10 "$pid"
      ;;
  esac
}

# Since when a part is in the state that it is in.
mark_since() {
  touch "$run/parts/$1.since"
}
