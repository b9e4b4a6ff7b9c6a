#!/bin/sh
# Starts the server of the release that this file is in: on the Node that came with it, or else on that of PATH.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd -P) || exit 1

own=$home/node/bin/node
if [ -x "$own" ] && ! fault=$("$own" --version 2>&1); then
  echo "stowage: its Node does not start: $fault" >&2
  case $fault in
    *libatomic*) echo "stowage: on Debian, apt-get install libatomic1" >&2 ;;
  esac
  exit 1
fi
for node in "$own" node; do
  command -v "$node" >/dev/null 2>&1 || continue
  major=$("$node" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || continue
  [ "$major" -ge NODE_MAJOR ] 2>/dev/null && exec "$node" "$home/server/main.js" "$@"
done
found=$(command -v node >/dev/null 2>&1 && node --version 2>/dev/null)
echo "stowage: needs Node NODE_MAJOR or later, and ${found:-no node} is in PATH; see https://nodejs.org, or take the release with Node in it" >&2
exit 1
