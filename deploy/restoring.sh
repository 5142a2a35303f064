# shellcheck shell=bash disable=SC2034
# The steps in which a backup is put back, each of which may be repeated. To be sourced by who has two functions, which run
# where the stores are, with the caller's input and output: database <program of PostgreSQL> …, as superuser, and broker
# <command of rabbitmqctl> ….

# Runs what -c says and then the statements at the standard input, which psql reads beside a -c only with -f -. Notices, such as that
# what is to be dropped is not there, help nobody.
sql() {
  database psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' "$@" -f -
}

# The same without any input: the caller's would be run as statements.
ask() {
  sql "$@" </dev/null
}

# Notes in the ledger that a restore has begun: begin_restore <database> <restore> <backup> <taken>. Nothing is put back of
# which the ledger does not know.
begin_restore() {
  sql -d "$1_ledger" -v restore="$2" -v backup="$3" -v taken="$4" -v uid="${SUDO_UID:-$(id -u)}" >/dev/null <<'SQL'
INSERT INTO ledger.restores (id, backup, taken, by_uid) VALUES (:'restore', :'backup', :'taken', :uid) ON CONFLICT DO NOTHING;
SQL
}

# Whether the database is the one that this restore put back: is_put_back <database> <restore>.
is_put_back() {
  [[ $(ask -d postgres -c "SELECT count(*) FROM pg_database WHERE datname = '$1'") == 1 ]] &&
    [[ $(ask -d "$1" -c "SELECT count(*) FROM notification.restores WHERE id = '$2'" 2>/dev/null) == 1 ]]
}

# Whether every service has done again what was removed: is_reapplied <database> <restore>. Then they work, and their queues
# are not to be emptied.
is_reapplied() {
  [[ $(ask -d "$1_ledger" -c "SELECT count(*) FROM ledger.reapplied WHERE restore = '$2'") == 3 ]]
}

# Puts the dump at the standard input back beside the database: put_back <database> <restore>. Every schema notes the restore,
# so that no service works on it before all have reapplied.
put_back() {
  local number
  number=$(ask -d "$1_ledger" -c 'SELECT count(*) FROM ledger.restores')
  ask -d postgres -c "DROP DATABASE IF EXISTS \"$1_new\" WITH (FORCE)" -c "CREATE DATABASE \"$1_new\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'" \
    -c "REVOKE ALL ON DATABASE \"$1_new\" FROM PUBLIC" \
    -c "GRANT CONNECT, TEMPORARY ON DATABASE \"$1_new\" TO authoring, publishing, notification, identity"
  database pg_restore --exit-on-error -d "$1_new"
  sql -d "$1_new" -v restore="$2" -v number="$number" <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
INSERT INTO authoring.restores (id, number, after) SELECT :'restore'::uuid, :number, coalesce(max(seq_id), 0) FROM authoring.mt_events;
INSERT INTO publishing.restores (id, number, after) SELECT :'restore'::uuid, :number, coalesce(max(seq_id), 0) FROM publishing.mt_events;
INSERT INTO notification.restores (id, number, after) SELECT :'restore'::uuid, :number, coalesce(max(seq_id), 0) FROM notification.mt_events;
SQL
}

# In one transaction what was put back takes the place of what was there, which is kept under another name until the restore
# is done.
exchange() {
  sql -d postgres -v database="$1" -v new="$1_new" -v old="$1_old" <<'SQL'
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'old') WHERE EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', :'database') WHERE EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (:'database', :'new') \g /dev/null
BEGIN;
SELECT format('ALTER DATABASE %I RENAME TO %I', :'database', :'old') WHERE EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"new" RENAME TO :"database";
COMMIT;
SQL
}

drop_old() {
  ask -d postgres -c "DROP DATABASE IF EXISTS \"$1_old\" WITH (FORCE)"
}

# What the broker holds is from after the backup, or is said again: purge <virtual host>.
purge() {
  broker eval "[rabbit_amqqueue:purge(Queue) || Queue <- rabbit_amqqueue:list(<<\"$1\">>)], ok." >/dev/null
}
