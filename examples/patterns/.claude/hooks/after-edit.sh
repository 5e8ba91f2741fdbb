#!/bin/sh
# PostToolUse, Edit and Write: formats and checks the file that was written, then
# runs the tests. The edit has been made; exit status 2 gives stderr to the model,
# which mends what is wrong. Without a fault nothing is said.

file=$(awk 'match($0, /"file_path" *: *"([^"\\]|\\.)*"/) {
  text = substr($0, RSTART, RLENGTH)
  sub(/^"file_path" *: *"/, "", text)
  sub(/"$/, "", text)
  print text
}')

# tell TEXT: what the model is to read.
tell() {
  printf '%s\n' "$1" >&2
  exit 2
}

case $file in
  '' | *\\*) tell "the name of the file could not be read: nothing was checked" ;;
esac
cd "$CLAUDE_PROJECT_DIR" || tell "there is no project directory: nothing was checked"
[ -f "$file" ] || exit 0 # a patch has removed it

# Put your formatters and linters here, one line a kind of file.
case $file in
  *.sh)
    if grep -q '[[:blank:]]$' "$file"; then # a formatter: no blanks at the ends of lines
      text=$(sed 's/[[:blank:]]*$//' "$file") && printf '%s\n' "$text" > "$file"
    fi
    found=$(sh -n "$file" 2>&1) || tell "this does not parse: $found"
    ;;
  *.go)
    found=$(gofmt -w "$file" 2>&1) || tell "gofmt: $found"
    ;;
esac

found=$(sh ./test.sh 2>&1) || tell "the tests fail after this edit: $found"
exit 0
