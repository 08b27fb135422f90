#!/usr/bin/env bash
# Fetches the clients that others wrote, for tests/journeys/test_foreign_clients.py: fetch.sh FOLDER.
# Packages come as they are published, by the pip and the npm that are here. None is unpacked before its digest is
# compared with the one in requirements/, and none runs a script of its own while it is installed.
set -eu
requirements=$(cd "$(dirname "$0")/../../requirements" && pwd)
folder=$1

fetch_npm() { # FOLDER DIGEST NAME@VERSION
  archive=$(npm pack --silent --ignore-scripts --pack-destination "$1" "$3")
  echo "$2  $1/$archive" | sha512sum --check --quiet
  mkdir -p "$1/node_modules/${3%@*}"
  tar --extract --gzip --strip-components=1 --file "$1/$archive" --directory "$1/node_modules/${3%@*}"
}

# ncmec-cybertip asks for it, and is written in its syntax.
newer_python() {
  for python in python3 python3.13 python3.14 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9].*/bin/python3; do
    if "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
}

rm -rf "$folder"
mkdir -p "$folder"
if command -v npm >/dev/null; then
  mkdir "$folder/npm"
  while read -r digest package; do
    [ "$digest" = "#" ] || fetch_npm "$folder/npm" "$digest" "$package"
  done <"$requirements/clients.npm.txt"
else
  echo "npm is not here (apt-get install nodejs npm): its client will not be tried."
  [ -z "${CI:-}" ] || exit 1
fi

# Without what it depends on but never calls here: that is source only and would have to be built.
python3 -m venv "$folder/exchange"
"$folder/exchange/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --no-deps --require-hashes \
  -r "$requirements/exchange.txt"

python=$(newer_python)
if [ -z "$python" ]; then
  echo "No Python 3.13 is here: ncmec-cybertip, which needs it, will not be tried."
  exit
fi
"$python" -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
  -r "$requirements/clients.txt"
