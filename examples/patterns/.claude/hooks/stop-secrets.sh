#!/bin/sh
# UserPromptSubmit: a prompt that carries a secret goes no further. The payload is
# one line of JSON on stdin; exit status 2 stops the prompt, and the user reads
# stderr. The secret itself is not repeated there: what is shown may be logged.

# The prompt, its line breaks made to blanks.
prompt=$(awk 'match($0, /"prompt" *: *"([^"\\]|\\.)*"/) {
  text = substr($0, RSTART, RLENGTH)
  sub(/^"prompt" *: *"/, "", text)
  sub(/"$/, "", text)
  gsub(/\\[nrt]/, " ", text)
  print text
  found = 1
}
END { exit !found }') || {
  echo 'the prompt could not be read, so it is not sent' >&2
  exit 2
}

# secret NAME PATTERN
secret() {
  if printf '%s\n' "$prompt" | grep -Eq -- "$2"; then
    echo "the prompt seems to carry $1; take it out, and say where it is kept instead" >&2
    exit 2
  fi
}

secret 'an AWS access key' '(AKIA|ASIA)[0-9A-Z]{16}'
secret 'a GitHub token' 'gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22}'
secret 'a Slack token' 'xox[abpr]-[0-9A-Za-z-]{10}'
secret 'an API key' '(^|[^[:alnum:]])sk-[0-9A-Za-z_-]{20}'
secret 'a private key' '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----'
exit 0
