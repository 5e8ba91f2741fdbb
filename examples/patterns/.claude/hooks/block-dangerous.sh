#!/bin/sh
# PreToolUse, Bash: refuses commands that cannot be taken back. The payload is one
# line of JSON on stdin; exit status 2 refuses, and the model reads stderr.

# The command, its line breaks made to blanks. A guard that cannot read what it
# guards says no.
command=$(awk 'match($0, /"command" *: *"([^"\\]|\\.)*"/) {
  text = substr($0, RSTART, RLENGTH)
  sub(/^"command" *: *"/, "", text)
  sub(/"$/, "", text)
  gsub(/\\[nrt]/, " ", text)
  print text
  found = 1
}
END { exit !found }') || {
  echo 'the command could not be read, so it is refused' >&2
  exit 2
}

# deny PATTERN REASON
deny() {
  if printf '%s\n' "$command" | grep -Eq -- "$1"; then
    echo "$2" >&2
    exit 2
  fi
}

deny '(^|[^[:alnum:]_.-])rm( [^;&|]*)? (-[[:alpha:]]*[rR]|--recursive)' \
  'deleting whole directories is not allowed here; name the files, or move them to trash/'
deny 'git [^;&|]*push [^;&|]*(--force|-f)( |$)' \
  'a forced push overwrites the work of others; use --force-with-lease'
deny 'git [^;&|]*(reset [^;&|]*--hard|clean [^;&|]*-[[:alpha:]]*f)' \
  'this throws away work that is not committed; commit or stash it first'
deny '(curl|wget) [^;&]*\| *(sudo +)?[[:alpha:]]*sh( |$)' \
  'do not run what was just downloaded; save it, show it, and let the user decide'
deny '(^|[^[:alnum:]_.-])(mkfs|dd [^;&|]*of=/dev/)' \
  'this overwrites a disk'
exit 0
