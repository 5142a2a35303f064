# shellcheck shell=bash disable=SC2034,SC2154
# The compose form: every part is a container of ../docker-compose.yml. To be sourced by installation.sh.

# Two installations beside each other have different names.
project=vigil
[[ $run == "$root/.run" ]] || project=vigil-$(printf %s "$run" | sha256sum | cut -c -12)

# Compose 2, or docker-compose from 1.29 on. Prints nothing; fails where no engine answers, or neither is there.
find_engine() {
  local version
  timeout 10 docker info &>/dev/null || return 1
  docker compose version &>/dev/null && engine=(docker compose) && return
  version=$(docker-compose version --short 2>/dev/null) && printf '1.29.0\n%s\n' "${version#v}" | sort -VC && engine=(docker-compose)
}

compose() {
  [[ -n ${engine[*]-} ]] || find_engine || fail "No Docker engine with Compose 2 or docker-compose 1.29 answers $(id -un)."
  local more=()
  [[ ! -e $run/compose.yml ]] || more=(-f "$run/compose.yml")
  "${engine[@]}" --project-directory "$root" -f "$root/docker-compose.yml" "${more[@]}" -p "$project" --env-file "$run/compose" "$@"
}

# Sets container, running or not; fails when there is none. What a verb runs in is not meant.
container_of() {
  container=$(docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False | head -n 1)
  [[ -n $container ]]
}

is_running() {
  container_of "$1" && [[ $(docker inspect -f '{{.State.Running}}' "$container") == true ]]
}

# Sets state, pid, since and address.
state_of() {
  local health
  state=down pid=- since=- address=$1:8080
  case $1 in
    gateway) address=$door ;;
    postgres) address=postgres:5432 ;;
    rabbitmq) address=rabbitmq:5672 ;;
  esac
  container_of "$1" || return 0
  read -r health pid since < <(docker inspect -f '{{if .State.Running}}{{.State.Health.Status}} {{.State.Pid}} {{.State.StartedAt}}{{else}}down - {{.State.FinishedAt}}{{end}}' "$container")
  since=${since%%.*} since=${since%Z}Z
  case $health in
    healthy) state=ready ;;
    down) ;;
    *) state=starting ;;
  esac
}

start_part() {
  container_of "$1" || fail "There is no $1 in $run: deploy/up makes it."
  docker start "$container" >/dev/null
}

stop_part() {
  container_of "$1" || return 0
  docker stop -t 60 "$container" >/dev/null
}

database() {
  is_running postgres || fail "The database of $run is not running: deploy/up starts it."
  docker exec -i $([[ ! -t 0 || ! -t 1 ]] || echo -t) -e PGUSER=postgres -e PGDATABASE=vigil "$container" "$@"
}

# A verb of a service's program: verb <service> <verb> … Where the service is down, as in a restore, in a container for the while.
verb() {
  container_of "$1" || fail "There is no $1 in $run: deploy/up makes it."
  if is_running "$1"; then
    docker exec -i "$container" /app/service "${@:2}"
  else
    compose run --rm --no-deps -T "$@"
  fi
}

broker() {
  is_running rabbitmq || fail "The broker of $run is not running: deploy/up starts it."
  docker exec -i "$container" rabbitmqctl "$@"
}

# Leaves its input, under a name, where the gateway looks when it starts.
leave_order() {
  local mine
  container_of gateway || fail "There is no gateway in $run: deploy/up makes it."
  mine=$(mktemp -d)
  mkdir "$mine/dark"
  cat >"$mine/dark/$1"
  chmod -R a+rwX "$mine/dark"
  docker cp "$mine/dark" "$container:/var/lib/vigil/"
  rm -rf "$mine"
}

# show_logs yes|'' <part> …: with yes, what comes is shown, too.
show_logs() {
  local follow=() tail=() colour=--no-color
  [[ -z $1 ]] || follow=(-f)
  shift
  if (($# == 1)); then
    container_of "$1" || fail "There is no log yet of $1 in $run: deploy/up starts it."
    exec docker logs "${follow[@]}" "$container"
  fi
  compose logs --no-color --tail 40 "${follow[@]}" "$@"
}

# Deletes the data of all parts, which do not run. Secrets belong to the data.
wipe() {
  compose down -v --remove-orphans 2>/dev/null
  rm -rf "$run"/{compose,compose.yml,settings}
}
