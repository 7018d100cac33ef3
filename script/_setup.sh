# Sets up the work tree; sourced by the other scripts, never run. Nothing in it needs more than bash and Debian's base.
#
# Sourcing it stands one in the repository's root, whatever folder one came from, and defines:
#   setup                  .venv with every locked dependency and every package of the workspace, editable
#   other_pythons          lines "3.12 /path/of/python" for the tested versions that .venv is not
#   setup_other V PYTHON   the same as .venv, in .venv-V
#   need_command C PACKAGE WHY   true when command C is there (or could be installed); else says which Debian package has it
# Variables that change what it does: ANYERP_PYTHON (the interpreter of a new .venv, or its version).
# shellcheck shell=bash

TESTED="3.11 3.12 3.13 3.14"
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit 1
ROOT=$PWD
# The machine's own Python settings stay outside: a run must mean the same everywhere.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME CONDA_PREFIX
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1

say() { printf '%s\n' "$@" >&2; }
die() { say "$@"; exit 1; }

# Debian packages. As root they are installed; anyone else is told their names.
need_command() {
    command -v "$1" >/dev/null && return
    need_packages "$3" "$2" && command -v "$1" >/dev/null
}
need_packages() { # WHAT-IT-IS PACKAGE...
    local what=$1 log
    shift
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing Debian's $* ($what) ..."
        log=$({ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } \
            </dev/null 2>&1) && return
        say "$log"
    fi
    say "Missing: $what." "On Debian: sudo apt-get install $*"
    return 1
}

# Prints "3.12 /real/path" if $1 is a Python of a tested version that has all that the workspace needs of the
# standard library. Runs it to know: the stand-ins that version managers put on PATH may stand for nothing.
probe() {
    "$1" -I -c '
import importlib.util, os, sys
version = "%d.%d" % sys.version_info[:2]
missing = [name for name in ("ssl", "sqlite3", "zlib", "ctypes") if importlib.util.find_spec(name) is None]
if version in sys.argv[1].split() and not missing and sys.version_info[3] == "final":
    print(version, os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable))
' "$TESTED" 2>/dev/null </dev/null
}

candidates() { # of version $1, or of any; or $1 itself when it is no version but an interpreter
    local v
    case ${1-} in
        "") printf '%s\n' python3 ;;
        3.*) ;;
        *) printf '%s\n' "$1" && return ;;
    esac
    for v in ${1:-$TESTED}; do
        printf '%s\n' "python$v"
        find "${PYENV_ROOT:-$HOME/.pyenv}/versions" -mindepth 1 -maxdepth 1 -name "$v.*" 2>/dev/null | sort -rV | sed 's|$|/bin/python3|'
    done
}

look_for_python() { # sets PYTHON and PYTHON_VERSION; false when what there is cannot make an environment
    local candidate found
    PYTHON="" PYTHON_VERSION=""
    for candidate in $(candidates "${ANYERP_PYTHON-}"); do
        found=$(probe "$candidate") && [ -n "$found" ] || continue
        PYTHON_VERSION=${found%% *} PYTHON=${found#* }
        "$PYTHON" -I -c 'import ensurepip, venv' 2>/dev/null && return
    done
    return 1
}

find_python() {
    look_for_python && return
    if [ -n "$PYTHON" ]; then
        need_packages "the venv module of $PYTHON" "python$PYTHON_VERSION-venv" && look_for_python && return
    elif [ -z "${ANYERP_PYTHON-}" ]; then
        need_packages "a Python from 3.11 to 3.14 with ssl and sqlite3" python3 python3-venv && look_for_python && return
        say "(from Debian 12 on; or name one: ANYERP_PYTHON=/path/of/python)"
    else
        say "ANYERP_PYTHON=$ANYERP_PYTHON is no Python from 3.11 to 3.14 with ssl and sqlite3."
    fi
    exit 1
}

# What an environment was made from: when this is unchanged there is nothing to do.
stamp() { { printf '%s\n' "$ROOT" "$1"; cat requirements/lock.txt script/_setup.sh pyproject.toml ./*/pyproject.toml plugins/*/pyproject.toml; } | sha256sum; }
fresh() { [ -x "$1/bin/python" ] && "$1/bin/python" -c '' 2>/dev/null && [ "$(cat "$1/.stamp" 2>/dev/null)" = "$(stamp "$1")" ]; }

install_into() { # the locked dependencies by hash, then the workspace itself
    local member members=()
    for member in */pyproject.toml plugins/*/pyproject.toml; do members+=(-e "./${member%/*}"); done
    .venv/bin/uv pip install -q --python "$1/bin/python" --require-hashes --no-deps -r requirements/lock.txt &&
        .venv/bin/uv pip install -q --python "$1/bin/python" --no-deps --no-build-isolation "${members[@]}" &&
        stamp "$1" >"$1/.stamp"
}

setup() {
    fresh .venv && return
    { mkdir -p .cache && [ -w .cache ]; } || die "$ROOT cannot be written to."
    exec 9>.cache/setup.lock
    if command -v flock >/dev/null; then flock 9; fi # two scripts at once: the second finds the work done
    if ! fresh .venv; then
        # An environment that was moved, or whose Python is gone, is made anew.
        if ! { [ -n "$(probe .venv/bin/python)" ] && grep -q "$ROOT/.venv/" .venv/bin/pip; } 2>/dev/null; then
            find_python
            say "Making .venv with Python $PYTHON_VERSION ($PYTHON) ..."
            rm -rf .venv
            "$PYTHON" -m venv .venv || die "Could not make .venv with $PYTHON."
        fi
        say "Installing what requirements/lock.txt names ..."
        # uv, which installs the rest, is itself taken from the lock.
        awk '/^[a-z]/ { on = /^uv==/ } on && !/#/' requirements/lock.txt >.cache/uv.txt
        .venv/bin/python -m pip install -q --require-hashes --no-deps -r .cache/uv.txt >&2 || die "Could not install uv, see above."
        install_into .venv || die "Could not install the dependencies into .venv, see above."
    fi
    exec 9>&-
}

other_pythons() {
    local v candidate found mine
    mine=$(probe .venv/bin/python)
    for v in $TESTED; do
        [ "$v" != "${mine%% *}" ] || continue
        for candidate in $(candidates "$v"); do
            found=$(probe "$candidate")
            if [ "${found%% *}" = "$v" ]; then printf '%s\n' "$found" && break; fi
        done
    done
}

setup_other() {
    fresh ".venv-$1" && return
    .venv/bin/uv venv -q --clear --python "$2" ".venv-$1" && install_into ".venv-$1"
}
