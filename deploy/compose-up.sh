# shellcheck shell=bash disable=SC2034,SC2154
# How deploy/up brings the compose form up: makes the secrets, builds the images and starts the containers. To be sourced by it.
patience=180

check_engine() {
  local tool
  for tool in curl openssl awk; do
    type -P "$tool" >/dev/null || fail "The program $tool is missing: install it, on Debian with 'apt-get install $tool'."
  done
  find_engine || fail "No Docker engine with Compose 2 or docker-compose 1.29 answers $(id -un): start one, or use deploy/up --native."
  is_running gateway || free_port "Vigil" "${listen##*:}"
}

# Writes its input, in place, so that a container which has it sees the new content. The user of a container can read it;
# nobody else comes as far, since $run/secrets lets no other user in.
put() {
  cat >"$1"
  chmod 644 "$1"
}

# Passwords are made once. What is made of them is made each time.
make_secrets() {
  local service secrets=$run/secrets
  for service in postgres authoring publishing notification identity; do
    make_secret "$secrets/postgres/$service" secret
  done
  make_secret "$secrets/rabbitmq/vigil" secret
  make_secret "$secrets/rabbitmq/salt" openssl rand -hex 4
  for service in notification client sessions inner; do
    make_secret "$secrets/$service" openssl rand -base64 32
  done
  if [[ -n $production ]]; then
    put "$secrets/demonstration" </dev/null
  else
    make_secret "$run/demonstration/password" openssl rand -hex 12
    put "$secrets/demonstration" <"$run/demonstration/password"
  fi
  mkdir -p "$secrets/connections"
  for service in authoring publishing notification identity; do
    put "$secrets/connections/$service" <<<"Host=postgres;Database=vigil;Username=$service;Password=$(<"$secrets/postgres/$service")"
  done
  put "$secrets/connections/rabbitmq" <<<"amqp://vigil:$(<"$secrets/rabbitmq/vigil")@rabbitmq/vigil"
  put "$secrets/rabbitmq/definitions.json" < <(definitions)
  chmod -R a+rX "$secrets"/*
}

# The user and the virtual host. RabbitMQ keeps of a password the salt and the hash of both.
definitions() {
  local hash salt
  salt=$(<"$run/secrets/rabbitmq/salt")
  hash=$({ printf "$(sed 's/../\\x&/g' <<<"$salt")" && cat "$run/secrets/rabbitmq/vigil"; } | openssl dgst -sha256 -binary | { printf "$(sed 's/../\\x&/g' <<<"$salt")" && cat; } | base64 -w 0)
  sed -e "s|{host}|vigil|" -e "1a\  \"users\": [{ \"name\": \"vigil\", \"password_hash\": \"$hash\", \"hashing_algorithm\": \"rabbit_password_hashing_sha256\", \"tags\": [] }]," "$here/rabbitmq/definitions.json"
}

# What docker-compose.yml leaves open.
compose_file() {
  cat <<VALUES
VIGIL_RUN=$run
VIGIL_VERSION=$version
VIGIL_LISTEN=$listen
VIGIL_ISSUER=$issuer
VIGIL_ALIAS=$([[ -n $production ]] && echo "$issuer" || echo "http://localhost:$base/")
VIGIL_SETTINGS=$run/settings
VALUES
}

# The settings that all containers may see, and beside docker-compose.yml what each needs of the others: a secret as a file that is
# named like its setting, and a file that a setting names where that setting says it is.
lay_settings() {
  local line name value whose service from=$run/secrets/settings names=()
  local -A environment=() secrets=()
  mkdir -p "$from"
  : >"$run/settings"
  while IFS= read -r line; do
    name=${line%%=*} value=${line#*=}
    case $name in
      Notification__*) whose=(notification) ;;
      Kestrel__*) whose=(gateway) ;;
      *) whose=(identity identity-migration) ;;
    esac
    case $value in
      file:* | /*)
        put "$from/$name" <"${value#file:}"
        names+=("$name")
        for service in "${whose[@]}"; do
          secrets[$service]+="      - { source: $name, target: $([[ $value == file:* ]] && echo "$name" || echo "/etc/vigil/$name") }"$'\n'
          [[ $value == file:* ]] || environment[$service]+="      $name: /etc/vigil/$name"$'\n'
        done
        ;;
      host) echo "$name=$1" >>"$run/settings" ;;
      *) echo "$line" >>"$run/settings" ;;
    esac
  done < <(grep -E '^[A-Za-z]' "$settings" | grep -v '^VIGIL_')
  [[ $scheme == http ]] || environment[gateway]+="      ASPNETCORE_URLS: https://+:8080"$'\n'
  rm -f "$run/compose.yml"
  ((${#names[@]} > 0)) || return 0
  {
    echo "services:"
    for service in identity identity-migration notification gateway; do
      [[ -n ${environment[$service]-}${secrets[$service]-} ]] || continue
      echo "  $service:"
      [[ -z ${environment[$service]-} ]] || printf '    environment:\n%s' "${environment[$service]}"
      [[ -z ${secrets[$service]-} ]] || printf '    secrets:\n%s' "${secrets[$service]}"
    done
    echo "secrets:"
    for name in "${names[@]}"; do
      echo "  $name: { file: $from/$name }"
    done
  } >"$run/compose.yml"
}

# Sets proxy, what one on this machine comes from to a container; fails while there is no network.
find_proxy() {
  proxy=$(docker network inspect -f '{{(index .IPAM.Config 0).Gateway}}' "${project}_outside" 2>/dev/null)
}

build() {
  local log=$run/logs/build.log service
  for service in "${services[@]}"; do
    docker image inspect "vigil/$service:$version" &>/dev/null && continue
    begin "Building the images"
    compose build >"$log" 2>&1 || fail "The build failed. The log, $log, ends with:"$'\n'"$(tail -n 20 "$log")"
    finish
    return
  done
}

# What the containers are made of. A day later all is looked at again, the signing keys, too, which grow old.
is_up() {
  local part mark=$run/logs/up
  of=$(cd "$root" && find docker-compose.yml deploy/postgres deploy/rabbitmq "$run"/{compose,settings,secrets} $([[ ! -e $run/compose.yml ]] || echo "$run/compose.yml") -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  [[ $(cat "$mark" 2>/dev/null) == "$of" && -n $(find "$mark" -mmin -1440) ]] || return 1
  for part in "${parts[@]}"; do
    state_of "$part" && [[ $state == ready ]] || return 1
  done
}

# One after the other, so that it can be said which is at work. The services wait for their migrations by themselves.
start() {
  local log=$run/logs/compose.log of
  ! is_up || return 0
  begin "Starting PostgreSQL and RabbitMQ"
  compose up -d --no-build postgres rabbitmq >"$log" 2>&1 || fail "They do not start. The log, $log, ends with:"$'\n'"$(tail -n 20 "$log")"
  await postgres rabbitmq
  finish
  if [[ $proxy == 127.0.0.1 ]] && grep -q '^Gateway__TrustedProxies__.*=host$' "$settings"; then
    compose up --no-start --no-build gateway >>"$log" 2>&1 && find_proxy || fail "The log, $log, ends with:"$'\n'"$(tail -n 20 "$log")"
    lay_settings "$proxy"
  fi
  begin "Bringing the schemas up to date, starting the services"
  compose up -d --no-build >>"$log" 2>&1 || explain_jobs
  await "${services[@]}"
  await_door
  finish
  echo "$of" >"$run/logs/up"
  rm -f "$run/invitation"
  [[ -z $production ]] || (umask 077 && compose run --rm --no-deps -T --entrypoint cat identity-migration /var/lib/vigil/invitation >"$run/invitation" 2>/dev/null) || rm "$run/invitation"
}

# Of the steps that end, the one that did not end well.
explain_jobs() {
  local job
  for job in database {identity,authoring,publishing,notification}-migration; do
    container_of "$job" && [[ $(docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$container") == exited\ [1-9]* ]] || continue
    fail "The step $job failed. Its log ends with:"$'\n'"$(docker logs --tail 20 "$container" 2>&1)"
  done
  fail "The services do not start. The log, $run/logs/compose.log, ends with:"$'\n'"$(tail -n 20 "$run/logs/compose.log")"
}

# Waits until parts do their work. One that ends three times meanwhile never will.
await() {
  local part deadline=$((SECONDS + patience))
  for part in "$@"; do
    until state_of "$part" && [[ $state == ready ]]; do
      (($(docker inspect -f '{{.RestartCount}}' "$container") < 3)) || fail "The service $part does not start. Its log ends with:"$'\n'"$(docker logs --tail 20 "$container" 2>&1)"
      ((SECONDS < deadline)) || fail "The service $part is not ready after $patience s. Its log ends with:"$'\n'"$(docker logs --tail 20 "$container" 2>&1)"
      sleep 0.5
    done
  done
}

# Images of earlier sources; what another installation still runs stays.
forget_old_images() {
  local image
  for image in $(docker image ls --format '{{.Repository}}:{{.Tag}}' 'vigil/*'); do
    [[ $image == *:"$version" ]] || docker image rm "$image" &>/dev/null || true
  done
}

bring_up() {
  check_engine
  version=$(cat "$here/Dockerfile" "$root/.dockerignore" | { cat && version_of_sources; } | sha256sum | cut -c -16)
  make_secrets
  compose_file >"$run/compose"
  find_proxy || proxy=127.0.0.1
  lay_settings "$proxy"
  echo "$base" >"$run/port"
  build
  start
  forget_old_images
}
