package installer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
)

// A State is what is known of a file of ours.
type State string

const (
	Absent  State = "absent"
	Current State = "current" // what this version of run-hooks would write
	Older   State = "older"   // written by another version, and not changed since
	Changed State = "changed" // changed by hand
	Foreign State = "foreign" // somebody else's
)

// mark begins the first line of a file that run-hooks has written. The sum of
// everything after that line follows it.
const mark = "// Written by run-hooks init; do not change it, the next init replaces it. sha256:"

// owned returns text with the line in front that makes it ours.
func owned(text []byte) []byte {
	return fmt.Appendf(nil, "%s%x\n%s", mark, sha256.Sum256(text), text)
}

// shebang is the line before the mark of a script, whose mark is a comment of the
// shell's.
const shebang = "#!/bin/sh\n"

// stateOf compares what a file holds with what it should.
func stateOf(now, want []byte) State {
	text, script := bytes.CutPrefix(now, []byte(shebang))
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	sum, ours := bytes.CutPrefix(first, []byte(mark))
	if script {
		sum, ours = bytes.CutPrefix(first, []byte(strings.Replace(mark, "//", "#", 1)))
	}
	switch {
	case now == nil:
		return Absent
	case bytes.Equal(now, want):
		return Current
	case !ours:
		return Foreign
	case string(sum) != fmt.Sprintf("%x", sha256.Sum256(rest)):
		return Changed
	}
	return Older
}

// place is the step that brings a file of ours to want, nil to delete it; no
// step if it is as it should be.
func place(path string, want []byte) (Plan, error) {
	now, err := read(path)
	if err != nil {
		return nil, err
	}
	state := stateOf(now, want)
	switch {
	case state == Foreign && want == nil:
		return nil, nil // not ours to delete
	case state == Foreign:
		return nil, fmt.Errorf("%s is not a file of run-hooks; it is in the way", path)
	case state == Changed:
		return nil, fmt.Errorf("%s was changed since run-hooks wrote it; move it away first (a copy in %s would still be loaded)", path, filepath.Dir(path))
	case state == Current, state == Absent && want == nil:
		return nil, nil
	}
	return Plan{{Path: path, Before: now, After: want}}, nil
}
