#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# contract_test.sh TOOL [OPTION…]: runs tools/TOOL.mjs, or says why it cannot and is skipped (exit status 77).
cd "$(dirname "$0")" || exit 1
if ! command -v node >/dev/null; then
    echo "SKIPPED: the contract is not tested, since there is no node here: ./run setup installs it"
    exit 77
fi
if ! [ -d node_modules/solc ]; then
    echo "SKIPPED: the contract is not tested, since its npm packages are missing: ./run setup installs them"
    exit 77
fi
tool=$1
shift
exec node "tools/$tool.mjs" "$@"
