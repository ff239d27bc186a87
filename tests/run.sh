#!/usr/bin/env bash
# Installs what the tests need, if it is missing, and runs all tests. The last line of the output is "N passed, N failed".
# Usage: tests/run.sh [--long] [arguments for dotnet test, such as --filter RefreshTests; then only the .NET tests run]
#   --long  Runs the proofs (races, faults, hostile input, soak) in their long form, which takes about four hours; see tests/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A build server that keeps running would keep the caller's pipe open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The processes of the tests run only for seconds, so profiling for hot code does not pay: without it a start takes a fifth less CPU time.
# They do not need the protection that maps code either writable or executable; without it a start takes another quarter less.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

results=$PWD/TestResults
packages=(src/authservice-js src/authservice-node)
published=$PWD/src/AuthService/bin/published
if [[ ${1:-} == --long ]]; then
  export AUTHSERVICE_TESTS_LONG=1
  shift
fi

say() { printf '\n== %s\n' "$*"; }

install_missing() {
  local missing=()
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql-15)
  command -v pgbouncer >/dev/null || [[ -x /usr/sbin/pgbouncer ]] || missing+=(pgbouncer)
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing+=(chromium-headless-shell)
  command -v curl >/dev/null || missing+=(curl)
  command -v jq >/dev/null || missing+=(jq)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  [[ ${#missing[@]} -gt 0 ]] || return 0

  say "Installing ${missing[*]}"
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=("${missing[@]/chromium-headless-shell/chromium}")
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Some tests run only where their Debian packages can be installed. Elsewhere they are skipped and say so.
install_optional() {
  local as_root=()
  say "Installing $*"
  [[ $EUID -eq 0 ]] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq \
    && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    && return 0
  echo "Not installed: the tests that need this are skipped. By hand: apt-get install $*"
}

# Sums up the attribute $1 of the <Counters> of every result file.
count() {
  grep -ohP "<Counters [^>]*\\b$1=\"\\K[0-9]+" "$results"/*.trx 2>/dev/null | awk '{ n += $1 } END { print n + 0 }' || true
}

# Sums up the numbers that Node.js wrote after $1 at the end of its results.
count_node() {
  grep -ohP "^# $1 \\K[0-9]+" "${packages[@]/%//build/results.tap}" 2>/dev/null | awk '{ n += $1 } END { print n + 0 }' || true
}

# Prints the tests that failed, with the first line of the message; other errors of a run; and the tests that ran when a run was aborted.
print_failures() {
  compgen -G "$results/*.trx" >/dev/null || return 0
  sed -nE 's/.*<UnitTestResult .*testName="([^"]*)".* outcome="Failed".*/\1/p; s/.*<Message>(.*)/    \1/p
    /<RunInfo .*outcome="Error"/,/<\/RunInfo>/ { /\[FAIL\]/d; s/ *<Text>(.*)/\1/; s/<\/Text>//; /<.?RunInfo/!p; }' "$results"/*.trx
  find "$results" -name 'Sequence_*.xml' -exec sed -nE 's/.*<Test Name="([^"]*)".*Completed="False".*/    at \1/p' {} + | sort -u
}

# Counts the runs that were aborted. Each counts as a failure.
count_aborted() {
  { grep -h 'The active test run was aborted' "$results"/*.trx 2>/dev/null || true; } | wc -l
}

# Lets the tests keep their databases in memory, if there is enough. They create and delete so many files that a file system on disk takes a tenth of all CPU.
use_memory() {
  local folder=/dev/shm available
  [[ -z ${TMPDIR:-} && -w $folder && $(findmnt -no OPTIONS -T $folder) != *noexec* ]] || return 0
  available=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  [[ $available -ge 8 && $(df --output=avail -BG $folder | tail -n 1 | tr -dc 0-9) -ge 4 ]] || return 0
  TMPDIR=$(mktemp -d $folder/authservice-tests.XXXXXX)
  export TMPDIR
  chmod 755 "$TMPDIR" # PostgreSQL runs as another user
}

print_counts() {
  local status=$? passed executed skipped failures
  if [[ -f $results/proofs.txt ]]; then
    say 'Proofs'
    sort "$results/proofs.txt"
  fi
  failures=$(print_failures)
  if [[ -n $failures ]]; then
    say 'Failures'
    printf '%s\n' "$failures"
  fi
  passed=$(count passed) executed=$(count executed) skipped=$(($(count total) - $(count executed)))
  local failed=$((executed - passed + $(count_aborted)))
  passed=$((passed + $(count_node pass)))
  failed=$((failed + $(count_node fail) + $(count_node cancelled)))
  skipped=$((skipped + $(count_node skipped) + $(count_node todo)))
  if [[ $status -eq 0 && ($failed -gt 0 || $passed -eq 0) ]]; then
    status=1
  fi
  printf '\n%d passed, %d failed' "$passed" "$failed"
  [[ $skipped -eq 0 ]] || printf ', %d skipped' "$skipped"
  printf '\n'
  [[ ${TMPDIR:-} != /dev/shm/authservice-tests.* ]] || rm -rf "$TMPDIR"
  exit "$status"
}

# Runs the tests of project $1, with the other arguments for dotnet test.
run_tests() {
  say "$1"
  dotnet test "tests/$1" -c Release --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$1.trx" --blame-hang-timeout 10min --blame-hang-dump-type none "${@:2}" || failures=1
}

rm -rf "$results" "${packages[@]/%//build}" "$published"
mkdir -p "$results"
trap print_counts EXIT
use_memory

command -v dotnet >/dev/null || { echo 'The .NET 10 SDK is missing: https://dot.net' >&2; exit 1; }
install_missing
[[ -x /usr/bin/patroni && -x /usr/bin/etcd ]] || install_optional patroni python3-etcd etcd-server
command -v sqlite3 >/dev/null || install_optional sqlite3
say 'Restore'
dotnet restore -v quiet
dotnet restore tests/AuthService.ApiTests/Http/Clients/DotNet -v quiet
dotnet tool restore >/dev/null
npm_folders=(tests/AuthService.ApiTests/{AppTokens/SvixClient,OAuth/Verifiers,Http/Clients,IdentityProviders/Provider} "${packages[@]}")
printf '%s\n' "${npm_folders[@]}" | xargs -P 4 -I {} npm ci --prefix {} --ignore-scripts --no-audit --no-fund --loglevel=error
for package in "${packages[@]}"; do
  npm run build --prefix "$package" --silent
  npm run build:test --prefix "$package" --silent
done
failures=0
declare -A running=()
say 'Build'
dotnet build -c Release -v quiet --no-restore

publishing=
if [[ $# -eq 0 ]]; then
  # The API tests start many processes. Compiled for this machine, as in the image, they start in two thirds of the time. Until it is done, other tests
  # run. They mostly wait for timers, so all of them run beside each other, and the compiler gets what they leave.
  nice -n 19 dotnet publish src/AuthService -c Release -v quiet --use-current-runtime --self-contained false -p:RunAnalyzers=false -o "$published" \
    >"$results/publish.txt" 2>&1 &
  publishing=$!
  for package in "${packages[@]}"; do # built above
    npm test --prefix "$package" --ignore-scripts --loglevel=error >"$results/${package##*/}.txt" 2>&1 &
    running[$!]=$package
  done
fi
run_tests AuthService.UnitTests "$@"
for pid in "${!running[@]}"; do
  wait "$pid" || failures=1
  say "${running[$pid]}"
  cat "$results/${running[$pid]##*/}.txt"
done
if [[ -n $publishing ]] && wait "$publishing"; then
  export AUTHSERVICE_TESTS_SERVICE=$published/AuthService.dll
  for library in tests/AuthService.ApiTests/bin/Release/net10.0/*.dll; do # most tests start the service inside the test run
    [[ ! -f $published/${library##*/} ]] || cp "$published/${library##*/}" "$library"
  done
elif [[ -n $publishing ]]; then # offline, without the package of the compiler
  say 'Not compiled for this machine: the tests use the normal build'
  cat "$results/publish.txt"
fi
run_tests AuthService.ApiTests "$@"
exit "$failures"
