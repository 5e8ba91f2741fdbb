package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxMatches is how many lines Grep returns at most.
const maxMatches = 250

// grep is the tool Grep.
func (p project) grep(ctx context.Context, raw json.RawMessage) (string, error) {
	var args struct {
		Pattern, Path, Glob string
		Fold                bool `json:"-i"`
	}
	if err := readArgs(raw, &args); err != nil {
		return "", err
	}
	base, err := p.name(args.Path)
	if err != nil {
		return "", err
	}
	if args.Fold {
		args.Pattern = "(?i)" + args.Pattern
	}
	re, err := regexp.Compile(args.Pattern)
	if err != nil {
		return "", errors.New("the regular expression is not valid")
	}
	s := search{project: p, re: re}
	err = p.walk(ctx, base, func(name string) bool {
		if args.Glob == "" || globs(args.Glob, name) {
			s.file(name)
		}
		return s.count < maxMatches && s.out.Len() < maxText
	})
	switch {
	case err != nil:
		return "", err
	case s.count == 0:
		return "no matches found", nil
	case s.count >= maxMatches || s.out.Len() >= maxText:
		s.out.WriteString("(further matches are left out)\n")
	}
	return s.out.String(), nil
}

// globs reports whether a path matches a pattern, which without a slash is
// compared with its last part.
func globs(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	return doublestar.MatchUnvalidated(pattern, name)
}

// A search collects the lines that match.
type search struct {
	project
	re    *regexp.Regexp
	out   strings.Builder
	count int
}

// file looks through one file; what cannot be read or is no text is passed over.
func (s *search) file(name string) {
	f, err := s.open(name)
	if err != nil {
		return
	}
	defer f.Close()
	lines := lineScanner(f)
	for n := 1; lines.Scan() && s.count < maxMatches && s.out.Len() < maxText; n++ {
		line := lines.Bytes()
		if bytes.IndexByte(line, 0) >= 0 {
			return
		}
		if s.re.Match(line) {
			s.count++
			fmt.Fprintf(&s.out, "%s:%d:%s\n", name, n, cutLine(string(line)))
		}
	}
}
