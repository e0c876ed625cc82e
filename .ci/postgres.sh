# Sourced by .ci/run: sets ARCLIGHT_TEST_POSTGRES_URL to a Postgres server that lets the tests in. That is the one at its
# usual port where there is one; else one is installed, started in a folder of its own, and stopped when the run ends.

postgres_answers() {
  node --input-type=module -e "
    import pg from 'pg'
    const client = new pg.Client({ connectionString: process.argv[1], connectionTimeoutMillis: 10_000 })
    client.on('error', () => {})
    await client.connect().then(() => client.end(), () => process.exit(1))" "$1"
}

free_port() {
  node -e "const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log(server.address().port); server.close() })"
}

as_postgres() { (cd / && runuser -u postgres -- "$@"); }

start_postgres() {
  local bin port
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1 || true)
  if [ -z "$bin" ]; then
    echo 'installing postgresql'
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
  fi
  port=$(free_port)
  postgres_data=$(mktemp -d /tmp/arclight-postgres-XXXXXX)
  postgres_bin=$bin
  chown postgres "$postgres_data"
  trap stop_postgres EXIT
  echo "starting Postgres in $postgres_data"
  as_postgres "$bin/initdb" --pgdata "$postgres_data/db" --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null
  # --wait returns when it answers. Only on this machine, and without socket files.
  as_postgres "$bin/pg_ctl" start --pgdata "$postgres_data/db" --wait --silent --log "$postgres_data/log" \
    --options "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=''" </dev/null
  ARCLIGHT_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
}

stop_postgres() {
  as_postgres "$postgres_bin/pg_ctl" stop --pgdata "$postgres_data/db" --mode immediate --silent || true
  rm -rf "$postgres_data"
}

if [ -z "${ARCLIGHT_TEST_POSTGRES_URL:-}" ]; then
  ARCLIGHT_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:5432/postgres
  postgres_answers "$ARCLIGHT_TEST_POSTGRES_URL" || start_postgres
fi
export ARCLIGHT_TEST_POSTGRES_URL
