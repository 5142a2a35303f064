# shellcheck shell=bash
# What run, vhost and ctl share: where the node <folder> <port> lives, whose it is, and how to ask it. To be sourced.

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=../daemon.sh
. "$here/../daemon.sh"
folder=$(realpath -m -- "$1") port=$2
home=$folder/node
# RabbitMQ's own distance between its two ports.
distribution=$((port + 20000 > 65535 ? port - 20000 : port + 20000))
cd /

[[ ! -e $folder || -w $folder ]] || fail "$(id -un) may not write $folder: do this as $(stat -c %U "$folder")."
belong_to rabbitmq "$home"

# Sets pid, and runs_on to its port; fails when no process runs this very folder.
running() {
  local arguments
  # shellcheck disable=SC2034 # runs_on is for run
  { read -r pid runs_on <"$folder/pid" && mapfile -d '' -t arguments <"/proc/$pid/cmdline"; } 2>/dev/null || return 1
  [[ " ${arguments[*]} " == *" -home $home "* ]] && alive "$pid"
}

# Finds the programs, and sets the environment for all of them. No epmd is needed: the node's port for its tools is
# known, and open to this machine only. So nodes do not meet, and can all have the name that is written into their data.
locate() {
  rabbit=$("$here/../install" path rabbitmq)
  erlang=${rabbit%/rabbitmq/lib/*}/erlang/bin
  environment=(
    "PATH=$erlang:/usr/bin:/bin" LANG=C.UTF-8 "HOME=$home"
    RABBITMQ_NODENAME=vigil@localhost RABBITMQ_CONF_ENV_FILE=/nonexistent
    "RABBITMQ_CTL_ERL_ARGS=-start_epmd false -erl_epmd_port $distribution -dist_listen false"
  )
}

# Has the node evaluate Erlang, which must come to ok. Takes milliseconds, where rabbitmqctl takes a second.
ask() {
  local answer
  answer=$("${as[@]}" env -i "${environment[@]}" "$erlang/erl_call" -r -address "127.0.0.1:$distribution" -timeout 60 -e <<<"$1." 2>&1) || true
  [[ $answer == '{ok, ok}' ]] || fail "RabbitMQ in $folder did not do as it was told: ${answer:-no answer}"
}

# Erlang that makes a virtual host as definitions.json says. Messages that can never succeed are kept for 14 days. There is no
# limit to deliveries that could be reached: a consumer gives a message back for as long as its database is away, and must not
# lose it, as it would after 20 times, the default since RabbitMQ 4. (That none is set is a word which RabbitMQ 3 does not know.)
virtual_host() {
  local definitions
  definitions=$(sed "s|{host}|$1|" "$here/definitions.json" | tr -d '\n')
  definitions=${definitions//\\/\\\\}
  echo "ok = rabbit_definitions:import_raw(<<\"${definitions//\"/\\\"}\">>)"
}
