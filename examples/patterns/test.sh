#!/bin/sh
# The tests of this small project: every greeting names whom it greets.
status=0
for greeting in greetings/*.sh; do
  case $(sh "$greeting" Ada) in
    *Ada*) ;;
    *) echo "$greeting does not name whom it greets"; status=1 ;;
  esac
done
exit $status
