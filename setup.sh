#!/usr/bin/env bash
# Makes .venv with everything that requirements-dev.lock pins. Called by make; $1 is the Python to use.
set -euo pipefail
cd "$(dirname "$0")"
python=$1

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Borrowgraph needs Python 3.11 or later; $python is $("$python" -V). Name another: make PYTHON=python3.12" >&2
    exit 1
fi

rm -rf .venv
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv .venv
    pip=(.venv/bin/python -m pip)
else
    # Debian keeps pip out of a bare python3. Its package of pip's wheel is fetched, unpacked here and run from there.
    "$python" -m venv --without-pip .venv
    mkdir .venv/wheel
    (cd .venv/wheel && apt-get -qq download python3-pip-whl && dpkg-deb --extract ./*.deb .) || {
        echo "There is no pip: install Debian's python3-venv (apt-get update may be needed first), then run make again." >&2
        exit 1
    }
    pip=(.venv/bin/python "$(echo "$PWD"/.venv/wheel/usr/share/python-wheels/pip-*.whl)/pip")
fi
"${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
"${pip[@]}" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
touch .venv/ready
