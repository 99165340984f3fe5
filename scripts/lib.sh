# Shared by the scripts beside it: find a JDK, build what is missing. Source it, do not run it.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
JAR="$ROOT/gateway/target/posthaste.jar"

say() { printf 'posthaste: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

# Prints the feature version of the java binary $1 (21, 25, ...), nothing if it is not one. A JDK says it in a file beside its
# bin; starting each to ask it took most of the time of scripts/start.
java_version() {
  local home=${1%/bin/java} line
  [ -r "$home/release" ] || home=$(readlink -f "$1" 2>/dev/null) && home=${home%/bin/java}
  if [ -r "$home/release" ]; then
    while IFS= read -r line; do
      case $line in JAVA_VERSION=*) line=${line#*\"}; line=${line#1.}; printf '%s\n' "${line%%[!0-9]*}"; return ;; esac
    done <"$home/release"
  fi
  "$1" -version 2>&1 | sed -n '1s/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p'
}

# Sets JAVA to the newest java >= 21 of JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN and macOS, and JAVA_HOME to its home.
find_java() {
  local best=0 candidate version
  JAVA=
  for candidate in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java \
    "$HOME"/.sdkman/candidates/java/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
    [ -x "$candidate" ] || continue
    version=$(java_version "$candidate")
    [ -n "$version" ] || continue
    if [ "$version" -ge 21 ] && [ "$version" -gt "$best" ]; then best=$version JAVA=$candidate; fi
  done
  [ -n "$JAVA" ] || die "needs a JDK 21 or newer and found none in JAVA_HOME, PATH or /usr/lib/jvm; install one (JDK 25 is what the figures are quoted on) or set JAVA_HOME"
}

# Installs Debian packages that are missing; says so. $1 is a command that proves the package is there.
need() {
  local proof=$1; shift
  command -v "$proof" >/dev/null 2>&1 && return
  install_packages "$@"
}

install_packages() {
  command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || die "needs $*; install it with your package manager and run this again"
  say "installing $*"
  { apt-get install -y -qq --no-install-recommends "$@" || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; }; } >/dev/null 2>&1 \
    || die "could not install $*; install it by hand and run this again"
}

# True when the jar is there and newer than every source it is made of.
is_built() {
  [ -f "$JAR" ] && [ -d "$ROOT/gateway/target/lib" ] &&
    [ -z "$(find "$ROOT/pom.xml" "$ROOT/gateway/pom.xml" "$ROOT/gateway/src/main" -newer "$JAR" -print -quit)" ]
}

# Runs Maven with its output in a log file, a sign of life every ten seconds, and the log's end on failure.
run_maven() {
  local log="$ROOT/gateway/target/build.log" started=$SECONDS pid
  need mvn maven
  mkdir -p "$(dirname "$log")"
  (cd "$ROOT" && exec mvn -B -ntp "$@") >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    [ $(((SECONDS - started) % 10)) = 9 ] && say "building, $((SECONDS - started + 1)) s"
  done
  wait "$pid" || { grep -E '^\[ERROR\]|BUILD' "$log" | head -40 >&2; die "the build failed; the whole log is $log"; }
}

# Builds the gateway unless it is current.
ensure_built() {
  find_java
  is_built && return
  say "building the gateway (the first time also downloads its libraries)"
  run_maven -pl gateway -am package -DskipTests
  touch "$JAR"
}

# Replaces this shell by the gateway's command line. JVM settings: POSTHASTE_JAVA_OPTS, which wins over ours (the serial collector: half the
# memory of the default one at the same rate).
run_posthaste() {
  # The archive of loaded classes halves the time to the first delivery; Java makes it anew when the jar changes.
  # shellcheck disable=SC2086
  exec "$JAVA" -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile="$ROOT/gateway/target/posthaste.jsa" -Xlog:cds=off -Xlog:aot=off \
    -XX:+UseSerialGC -Xmx512m -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED ${POSTHASTE_JAVA_OPTS:-} -jar "$JAR" "$@"
}

# Builds the benchmarks and the load test, and the gateway with them, unless both are current; sets BENCH_CLASS_PATH.
ensure_bench_built() {
  local jar="$ROOT/bench/target/posthaste-bench.jar"
  find_java
  BENCH_CLASS_PATH="$jar:$ROOT/bench/target/lib/*"
  is_built && [ -f "$jar" ] && [ "$jar" -nt "$JAR" ] &&
    [ -z "$(find "$ROOT/bench/pom.xml" "$ROOT/bench/src" -newer "$jar" -print -quit)" ] && return
  say "building the gateway and the load test (the first time also downloads their libraries)"
  run_maven package -DskipTests
  touch "$JAR"
  sleep 0.01
  touch "$jar"
}

# Installs the libraries of a peer in bench/peers, unless they are there. $1 is its name.
ensure_peer() {
  local peer="$ROOT/bench/peers/$1" log
  need node nodejs
  need npm npm
  [ -f "$peer/node_modules/.installed" ] && [ ! "$peer/package-lock.json" -nt "$peer/node_modules/.installed" ] && return
  say "installing the peer's libraries"
  log=$(npm --prefix "$peer" ci --no-progress 2>&1) && touch "$peer/node_modules/.installed" ||
    die "npm ci failed in bench/peers/$1: $(grep -m 3 -E '^npm (error|ERR!) [^ ]' <<<"$log" | tr '\n' ' ')"
}
