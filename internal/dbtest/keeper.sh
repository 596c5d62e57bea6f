# Makes a PostgreSQL cluster in the working directory, says "ready", and keeps
# it until standard input ends. Then, or when anything fails, the server is
# stopped and the directory removed. What went wrong goes to standard output.
# $1 is the directory of PostgreSQL's programs.
set -eu
dir=$(pwd)

remove() {
  [ ! -e data/postmaster.pid ] || "$1/pg_ctl" stop --wait --mode=immediate --pgdata=data >>log 2>&1 || true
  [ -n "${ready:-}" ] || tail -n 20 log
  cd /
  rm -rf "$dir"
}
trap 'remove "$1"' EXIT
trap 'exit 1' HUP INT TERM

# Whoever can enter the directory is trusted: it is our user's alone.
"$1/initdb" --pgdata=data --username=oneseat --auth=trust --encoding=UTF8 --locale=C --no-sync >log 2>&1 </dev/null
"$1/pg_ctl" start --wait --timeout=180 --pgdata=data --log=log >>log 2>&1 </dev/null --options="\
 -c listen_addresses= -c unix_socket_directories=$dir\
 -c fsync=off -c synchronous_commit=off -c full_page_writes=off\
 -c wal_level=minimal -c max_wal_senders=0 -c max_connections=200 -c shared_buffers=64MB"
ready=yes
echo ready
read -r _ || :
