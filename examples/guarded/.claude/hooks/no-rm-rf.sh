#!/bin/sh
# Refuses commands that delete recursively and by force. The payload is one line
# of JSON on stdin; exit status 2 refuses, and stderr is the reason.
if grep -Eq '"command":"[^"]*rm +-(rf|fr)'; then
  echo 'rm -rf is not allowed in this repository; move the files to trash/ instead' >&2
  exit 2
fi
