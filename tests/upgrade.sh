#!/usr/bin/env bash
# Tests the upgrade from an earlier commit, under load and with its build beside the one of today, and the way back.
# Usage: tests/upgrade.sh COMMIT [--long]
#   --long  With a million sessions instead of 20,000.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
commit=${1:?Which commit? Usage: tests/upgrade.sh COMMIT [--long]}
[[ ${2:-} != --long ]] || export AUTHSERVICE_TESTS_LONG=1

earlier=$(mktemp -d)
trap 'git worktree remove --force "$earlier/source" 2>/dev/null; rm -rf "$earlier"' EXIT
git worktree add --quiet --detach "$earlier/source" "$commit"
dotnet publish "$earlier/source/src/AuthService" -c Release -v quiet -p:RunAnalyzers=false -o "$earlier/published"

export AUTHSERVICE_TESTS_EARLIER=$earlier/published/AuthService.dll
dotnet test tests/AuthService.ApiTests -c Release --filter 'FullyQualifiedName~UpgradeTests'
sed -n '/[Uu]pgrade/p' TestResults/proofs.txt
