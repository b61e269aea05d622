#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder. An error here is shown there.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$(dirname "$source")/grader-env
torch=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu} # without CUDA: 200 MB, not 5 GB

if ! python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))'; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq python3 python3-venv
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "error: the grader needs Python 3.10, which Ubuntu 22.04 has: choose that as the base image" >&2
    exit 1
fi

python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --no-cache-dir --index-url "$torch" torch torchvision
for wheel in "$source"/*.whl; do
    "$environment/bin/pip" install --quiet --no-cache-dir "${wheel}[notebooks]"
done

# The solved notebook is for root alone, whom no submission runs as.
chmod -R go= "$source"
(cd "$source" && "$environment/bin/grade" doctor) || echo "grade doctor ended with status $?"
