# shellcheck shell=bash disable=SC2034
# One installation: where it is, what it consists of, and which of it runs. To be sourced.
#
# Everything is in $VIGIL_RUN, by default .run in the repository. $VIGIL_PORT, by default 8080, is remembered there.

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=daemon.sh
. "$here/daemon.sh"
# The manual of a command is the comment that it begins with.
[[ ${1-} != --help ]] || { sed -n '2,/^[^#]/s/^# \?//p' "$0" && exit; }
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

# Where the gateway is reached from here.
door=$(cat "$run/door" 2>/dev/null || echo "http://127.0.0.1:$base")

is_part() {
  [[ " ${parts[*]} " == *" $1 "* ]]
}

# The status that an address answers with, 000 when nothing does; more arguments are curl's. It is one of ours, whatever name its
# certificate is for.
status_at() {
  curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null --write-out '%{http_code}' "$@" || true
}

# An address of each service behind the gateway.
addresses_behind=(/.well-known/openid-configuration /api/newsroom/v1/articles /api/publishing/v1/editions /api/notification/v1/mailings)

# Whether the gateway leads to what is behind it: leads_to <path> <address of the newsroom>. Staff addresses answer on the
# newsroom's host. Without a session the gateway would refuse for the service; a program's token is the service's own to refuse.
leads_to() {
  local host=${2#*://}
  [[ $(status_at "$door$1" --header "Host: ${host%/}" --header "Authorization: Bearer none") == @(200|401) ]]
}

# One deploy/up or deploy/down at a time.
alone() {
  exec 8>"$run/lock"
  flock -n 8 && return
  echo "Waiting for another deploy/up or deploy/down to finish …"
  flock 8
}

# An installation has a form, native or compose, which it keeps until it is wiped. What depends on it is in the file of that
# name, and the same in all: is_running, state_of, start_part, stop_part <part>; show_logs; wipe; database <program of
# PostgreSQL> …, as superuser, on the database vigil; broker <command of rabbitmqctl> …; verb <service> <verb of its program> ….
# These three run where their part is, with the caller's input and output, so files are given by those and not by name.
use() {
  form=$1
  # shellcheck source=native.sh
  . "$here/$form.sh"
}
use "$(cat "$run/form" 2>/dev/null || echo native)"

# What deploy/up is told to bring the same installation up again.
as_it_is=("--$form")
[[ ! -e $run/production ]] || as_it_is+=(--production "$(<"$run/production")")
