package checker

import (
	"os"
	"strings"
)

// Snippet returns the line a finding is about, with keys masked, and the blanks
// that put a caret under its place; ok is false if the line cannot be read.
func Snippet(f Finding) (line, blanks string, ok bool) {
	text, err := os.ReadFile(f.Path)
	if err != nil || f.Pos.Line == 0 {
		return "", "", false
	}
	lines := strings.Split(strings.TrimPrefix(string(text), "\xef\xbb\xbf"), "\n")
	if f.Pos.Line > len(lines) || strings.ContainsRune(string(text[:min(len(text), 4)]), 0) {
		return "", "", false
	}
	line = strings.TrimRight(lines[f.Pos.Line-1], "\r")
	before := line[:min(max(f.Pos.Col-1, 0), len(line))]
	return masked(line), strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before), true
}
