# shellcheck shell=bash disable=SC2034,SC2154
# How deploy/up brings the native form up: builds, installs PostgreSQL and RabbitMQ where they are missing, and starts private
# instances and every service. To be sourced by it.
patience=90

check_tools() {
  local tool wanted
  # The SDK keeps things at home; some users have none.
  if [[ ! -w ${HOME:-/nonexistent} ]]; then
    export HOME=$run/home
    mkdir -p "$HOME"
  fi
  for tool in curl openssl awk; do
    type -P "$tool" >/dev/null || fail "The program $tool is missing: install it, on Debian with 'apt-get install $tool'."
  done
  dotnet=$(type -P dotnet || type -P "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet") ||
    fail "The .NET SDK is missing: install version 10 from https://dotnet.microsoft.com/download, and put dotnet on the PATH."
  wanted=$(sed -n 's/.*"sdk".*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  (cd "$root" && "$dotnet" --version &>/dev/null) ||
    fail "The .NET SDK $wanted is needed, or a later $(cut -d . -f 1,2 <<<"$wanted"), but $dotnet has $("$dotnet" --list-sdks | cut -d ' ' -f 1 | paste -sd ' ' | sed 's/^$/none/')."
}

# Root's stores run as users of their own, who may not enter everywhere. Where they may not, the two live in /var/lib.
place_stores() {
  local elsewhere part
  ((EUID == 0)) || return 0
  for part in postgres rabbitmq; do
    [[ -e $run/$part || -L $run/$part ]] || setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$run" || {
      elsewhere=/var/lib/vigil/$(printf %s "$run" | sha256sum | cut -c -12)/$part
      mkdir -p "$elsewhere"
      ln -s "$elsewhere" "$run/$part"
    }
  done
}

check_ports() {
  local part
  for part in "${parts[@]}"; do
    process_of "$part" || free_port "Vigil" "$([[ $part == gateway ]] && echo "${listen##*:}" || echo "${port[$part]}")"
  done
}

# Sets programs, the folder of what was built. A build that was interrupted may have left half a file that looks new.
build() {
  local log=$run/logs/build.log new=$run/programs/new service
  programs=$run/programs/$({ "$dotnet" --version && version_of_sources; } | sha256sum | cut -c -16)
  [[ ! -d $programs ]] || return 0
  begin "Building the services"
  [[ ! -e $run/build/unfinished ]] || rm -rf "$run/build"
  mkdir -p "$run/build"
  touch "$run/build/unfinished"
  # No server of the compiler stays behind.
  DOTNET_CLI_USE_MSBUILD_SERVER=0 "$dotnet" build "$here/services.slnf" -c Release -v q --artifacts-path "$run/build" \
    -nodeReuse:false -p:UseSharedCompilation=false >"$log" 2>&1 || {
    ! grep -q 'No space left' "$log" || fail "The build failed, because the disk is full."
    fail "The build failed. The log, $log, says:"$'\n'"$(grep -E 'error|Could not' "$log" | sed 's/ \[[^]]*\]$//' | awk '!seen[$0]++' | head -n 3 | grep . || tail -n 5 "$log")"
  }
  rm "$run/build/unfinished"
  rm -rf "$new"
  mkdir -p "$new"
  for service in "${services[@]}"; do
    cp -r "$run/build/bin/${service^}/release" "$new/${service^}"
  done
  mv -T "$new" "$programs"
  finish
}

# What a service is started with.
launch_file() {
  local service=$1 schema=$1
  printf '%s\n' "$dotnet" "$programs/${service^}/${service^}.dll"
  cat <<SETTINGS
ASPNETCORE_URLS=$([[ $service == gateway ]] && echo "$scheme://$listen" || echo "http://127.0.0.1:${port[$service]}")
DOTNET_ROOT=$(dirname "$(realpath "$dotnet")")
Logging__Console__FormatterName=simple
Logging__Console__FormatterOptions__SingleLine=true
Logging__Console__FormatterOptions__UseUtcTimestamp=true
Logging__Console__FormatterOptions__TimestampFormat=yyyy-MM-ddTHH:mm:ss.fffZ 
Identity__Issuer=$issuer
Identity__Metadata=http://127.0.0.1:${port[identity]}/.well-known/openid-configuration
SETTINGS
  if [[ $service != gateway ]]; then
    echo "ConnectionStrings__Postgres=Host=127.0.0.1;Port=${port[postgres]};Database=vigil;Username=$schema;Password=$(<"$run/postgres/secrets/$schema")"
  fi
  case $service in
    gateway)
      echo "Session__ClientSecretFile=$run/secrets/client"
      echo "Session__Store=http://127.0.0.1:${port[identity]}/"
      echo "Session__StoreSecretFile=$run/secrets/sessions"
      echo "Gateway__DenyList=$run/dark"
      for service in authoring publishing notification identity; do
        echo "ReverseProxy__Clusters__${service}__Destinations__a__Address=http://127.0.0.1:${port[$service]}"
      done
      ;;
    identity)
      echo "Identity__Clients__newsroom__RedirectUris__0=${issuer}newsroom/session/callback"
      if [[ -z $production ]]; then
        echo "Identity__Clients__newsroom__RedirectUris__1=http://localhost:$base/newsroom/session/callback"
        echo "Identity__Demonstration__Password=$(<"$run/demonstration/password")"
      fi
      echo "Identity__Clients__newsroom__SecretFile=$run/secrets/client"
      echo "Identity__Sessions__SecretFile=$run/secrets/sessions"
      echo "Identity__FirstAdministrator__LinkFile=$run/invitation"
      ;;
    *) echo "ConnectionStrings__RabbitMq=amqp://vigil:$(<"$run/rabbitmq/secrets/vigil")@127.0.0.1:${port[rabbitmq]}/vigil" ;;
  esac
  if [[ $schema != identity ]]; then
    echo "Inner__SecretFile=$run/secrets/inner"
    echo "Inner__authoring__0=http://127.0.0.1:${port[authoring]}"
  fi
  if [[ $schema == notification ]]; then
    echo "Notification__SecretFile=$run/secrets/notification"
    [[ -n $production ]] || echo "Notification__Pickup=$run/mail"
  fi
  settings_of "$schema" 127.0.0.1
}

# Waits until a part does its work. A service that ends three times meanwhile never will.
await() {
  local part=$1 deadline=$((SECONDS + patience)) log logged=$2
  log=$(log_of "$part")
  until is_ready "$part"; do
    (($(tail -c "+$((logged + 1))" "$log" 2>/dev/null | grep -c ' supervisor: ') < 3)) || explain "The service $part does not start."
    ((SECONDS < deadline)) || explain "The service $part is not ready after $patience s."
    sleep 0.1
  done
}

start_stores() {
  local part
  # The first start is done here, where it can say what is wrong with it.
  for part in postgres rabbitmq; do
    if ! process_of "$part"; then
      begin "Starting $([[ $part == postgres ]] && echo PostgreSQL || echo RabbitMQ) on port ${port[$part]}"
      try "$here/$part/run" start "$run/$part" "${port[$part]}"
      finish
    fi
    start_part "$part"
  done
}

# While every service is kept running there is nothing to make.
make_databases() {
  local service
  for service in "${services[@]}"; do
    supervisor_of "$service" && continue
    begin "Making the database and the virtual host"
    try "$here/postgres/databases" "$run/postgres" "${port[postgres]}" vigil
    try "$here/rabbitmq/vhost" "$run/rabbitmq" "${port[rabbitmq]}" vigil
    finish
    return
  done
}

# Unless this very database has been brought up to date by these programs, with these settings, within a day. (Once a day
# the signing keys are looked at, which grow old.)
migrate() {
  local service log=$run/logs/migrate.log logged is mark=$run/postgres/migrated
  is=$(cat "$run"/parts/{identity,authoring,publishing,notification}.new | sha256sum)
  [[ $(cat "$mark" 2>/dev/null) != "$is" || -z $(find "$mark" -mmin -1440) ]] || return 0
  prepare_log
  for service in identity authoring publishing notification; do
    begin "Bringing the schema of $service up to date"
    "${with_settings[@]}" "$run/parts/$service.new" migrate >>"$log" 2>&1 || explain "The schema of $service could not be brought up to date."
    finish
  done
  echo "$is" >"$mark"
}

# One after the other, while the others work. The schema first, which only gains by it, so that those of before go on.
upgrade() {
  local service
  # One that was interrupted goes on, and can still be taken back whole: what there was before it is noted once.
  [[ -e $run/parts/upgrading ]] || rm -f "$run"/parts/*.before
  touch "$run/parts/upgrading"
  (($# == 0)) || migrate
  for service in "$@"; do
    begin "Upgrading $service"
    [[ -e $run/parts/$service.before ]] || cmp -s "$run/parts/$service.new" "$run/parts/$service.launch" || {
      cp "$run/parts/$service.launch" "$run/parts/$service.before.new"
      mv "$run/parts/$service.before.new" "$run/parts/$service.before"
    }
    replace "$service" "$run/parts/$service.new"
    finish
  done
  rm "$run/parts/upgrading"
}

# Has a service run as another launch file says, and waits until it does its work.
replace() {
  local logged
  stop_part "$1"
  mv "$2" "$run/parts/$1.launch"
  logged=$(stat -c %s "$run/logs/$1.log" 2>/dev/null || echo 0)
  start_part "$1"
  await "$1" "$logged"
}

start_services() {
  local service changed=()
  local -A logged
  make_secret "$run/secrets/notification" openssl rand -base64 32
  make_secret "$run/secrets/client" openssl rand -base64 32
  make_secret "$run/secrets/sessions" openssl rand -base64 32
  make_secret "$run/secrets/inner" openssl rand -base64 32
  [[ -n $production ]] || make_secret "$run/demonstration/password" openssl rand -hex 12
  for service in "${services[@]}"; do
    (umask 077 && launch_file "$service" >"$run/parts/$service.new")
    cmp -s "$run/parts/$service.new" "$run/parts/$service.launch" && supervisor_of "$service" || changed+=("$service")
  done
  if [[ ${VIGIL_UPGRADING:-} == yes || -e $run/parts/upgrading ]]; then
    upgrade "${changed[@]}"
    changed=()
  elif ((${#changed[@]} > 0)); then
    for service in "${changed[@]}"; do
      supervisor_of "$service" || process_of "$service" || continue
      begin "Ending $service, which has changed"
      stop_part "$service"
      finish
    done
    migrate
  fi
  for service in "${services[@]}"; do
    logged[$service]=$(stat -c %s "$run/logs/$service.log" 2>/dev/null || echo 0)
  done
  ((${#changed[@]} == 0)) || begin "Starting $([[ ${#changed[@]} == "${#services[@]}" ]] && echo "the services" || echo "${changed[*]}")"
  for service in "${changed[@]}"; do
    # What an earlier upgrade could go back to is two versions old then.
    cmp -s "$run/parts/$service.new" "$run/parts/$service.launch" || rm -f "$run"/parts/*.before
    mv "$run/parts/$service.new" "$run/parts/$service.launch"
    start_part "$service"
  done
  rm -f "$run"/parts/*.new
  for service in "${services[@]}"; do
    await "$service" "${logged[$service]}"
  done
  await_door
  [[ -z $doing ]] || finish
}

forget_old_programs() {
  local old
  for old in "$run"/programs/*; do
    # What deploy/upgrade --back goes back to.
    [[ $old == "$programs" ]] || grep -qsF -- "$old/" "$run"/parts/*.before || rm -rf "$old"
  done
}

bring_up() {
  check_tools
  place_stores
  "$here/install" postgres rabbitmq
  check_ports
  build
  echo "$base" >"$run/port"
  start_stores
  make_databases
  start_services
  forget_old_programs
}
