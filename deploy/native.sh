# shellcheck shell=bash disable=SC2034,SC2154
# The native form: every part is a process of this machine, kept running by a supervisor. To be sourced by installation.sh.

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
    # A session that PostgreSQL has just forked still looks like its parent.
    { [[ $part != postgres || ! $(<"/proc/$pid/stat") =~ \)\ .\ ([0-9]+) || $(<"/proc/${BASH_REMATCH[1]}/comm") != postgres ]]; } 2>/dev/null || continue
    alive "$pid" && return
  done
  return 1
}

# Sets supervisor to the process that keeps a part running; fails when there is none, which its lock tells.
supervisor_of() {
  [[ -e $run/parts/$1.lock ]] && ! flock -ns "$run/parts/$1.lock" true || return 1
  { read -r supervisor <"$run/parts/$1.lock"; } 2>/dev/null || supervisor=
}

is_running() {
  supervisor_of "$1" || process_of "$1"
}

address_of() {
  case $1 in
    postgres | rabbitmq) echo "127.0.0.1:${port[$1]}" ;;
    gateway) echo "$door" ;;
    *) echo "http://127.0.0.1:${port[$1]}" ;;
  esac
}

# Whether a part does its work.
is_ready() {
  case $1 in
    postgres | rabbitmq) listens "${port[$1]}" ;;
    *) [[ $(status_at "$(address_of "$1")/health/ready") == 200 ]] ;;
  esac
}

# Sets state, pid, since and address.
state_of() {
  state=down since=-
  if process_of "$1"; then
    if is_ready "$1"; then state=ready; else state=starting; fi
  else
    pid=-
    ! supervisor_of "$1" || state=starting
  fi
  [[ ! -e $run/parts/$1.since ]] || since=$(date -u -r "$run/parts/$1.since" +%Y-%m-%dT%H:%M:%SZ)
  address=$(address_of "$1")
}

# Since when a part is in the state that it is in.
mark_since() {
  touch "$run/parts/$1.since"
}

# Runs a service as its launch file says: the runtime, the program, then a setting a line. The settings hold secrets, which
# are in no argument.
# shellcheck disable=SC2016 # for the inner shell to expand
with_settings=(env -i "PATH=$PATH" "HOME=${HOME:-/}" LANG=C.UTF-8 bash -c
  'mapfile -t lines <"$1" && for line in "${lines[@]:2}"; do export "$line"; done && exec "${lines[0]}" "${lines[1]}" "${@:2}"' -)

# Starts what keeps a part running, unless it is there.
start_part() {
  local log
  supervisor_of "$1" && return
  log=$(log_of "$1")
  mkdir -p "${log%/*}"
  (VIGIL_RUN=$run VIGIL_PORT=$base detach "$here/supervise" "$1")
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
      (gone "$1" 40 "$pid") 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
      gone "$1" 10 "$pid"
      ;;
  esac
  mark_since "$1"
}

database() {
  local secret=$run/postgres/secrets/postgres
  [[ -r $secret ]] || fail "There is no database of $(id -un) in $run: deploy/up makes one."
  process_of postgres || fail "The database in $run is not running: deploy/up starts it."
  # Settings meant for another server stay out.
  unset "${!PG@}"
  PGHOST=127.0.0.1 PGPORT=${port[postgres]} PGUSER=postgres PGDATABASE=vigil PGPASSWORD=$(<"$secret") "$("$here/install" path postgres)/$1" "${@:2}"
}

# A verb of a service's program: verb <service> <verb> …
verb() {
  [[ -r $run/parts/$1.launch ]] || fail "Vigil was not started in $run: deploy/up does that."
  "${with_settings[@]}" "$run/parts/$1.launch" "${@:2}"
}

broker() {
  "$here/rabbitmq/ctl" "$run/rabbitmq" "${port[rabbitmq]}" "$@"
}

# Leaves its input, under a name, where the gateway looks when it starts.
leave_order() {
  local folder=${VIGIL_DENY_LIST:-$run/dark}
  mkdir -p "$folder"
  cat >"$folder/$1.new"
  sync "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

# show_logs yes|'' <part> …: with yes, what comes is shown, too.
show_logs() {
  local follow=() files=() part log
  [[ -z $1 ]] || follow=(-F)
  shift
  for part in "$@"; do
    log=$(log_of "$part")
    [[ ! -e $log && ${#follow[@]} == 0 ]] || files+=("$log")
  done
  ((${#files[@]} > 0)) || fail "There is no log yet of $* in $run: deploy/up starts them."
  if (($# == 1 && ${#follow[@]} == 0)); then exec cat "${files[0]}"; fi
  exec tail -n 40 "${follow[@]}" "${files[@]}"
}

# Deletes the data of all parts, which do not run.
wipe() {
  local part there
  for part in postgres rabbitmq; do
    there=$(realpath -m "$run/$part")
    rm -rf "$there" "${run:?}/$part"
    [[ $there == "$run/$part" ]] || rmdir --ignore-fail-on-non-empty -p "${there%/*}"
  done
}
