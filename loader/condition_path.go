package loader

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxPath is the length of the longest path that Linux takes, in bytes.
const maxPath = 4096

// fitsPath reports whether the path of a file tool matches pattern. Patterns
// are those of a .gitignore file, without regard to case (§10.2).
//
// Both the directory that a rule is relative to and the file are taken as they
// are written and with symbolic links resolved: a file that is reached by a link
// is guarded as what it is. A path that is too long for a file cannot be judged,
// and matches.
func fitsPath(pattern, file string, at conditionPlace) bool {
	if len(file) > maxPath {
		return true
	}
	p := parsePathPattern(pattern)
	for _, f := range spellings(at.resolve(file)) {
		if p.matches(f, at) {
			return true
		}
	}
	return false
}

// fitsSearch is fitsPath for a search below dir, "" being the current directory,
// for the files that glob says. The record has no such rule that matches: the
// directory, and the glob as if it were a file there, are compared.
func fitsSearch(pattern, dir, glob string, at conditionPlace) bool {
	dir = at.resolve(dir)
	files := cmp.Or(glob, "*")
	if !filepath.IsAbs(files) {
		files = filepath.Join(dir, files)
	}
	return fitsPath(pattern, dir, at) || fitsPath(pattern, files, at)
}

// resolve returns file as an absolute path without "." and "..", as the client
// does for the tools that change files (§0.11).
func (at conditionPlace) resolve(file string) string {
	if rest, ok := strings.CutPrefix(file, "~/"); ok && at.home != "" {
		file = filepath.Join(at.home, rest)
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(cmp.Or(at.cwd, at.project), file)
	}
	return filepath.Clean(file)
}

// spellings returns an absolute path with slashes in lower case, and if that is
// another one, the same with symbolic links resolved, as far as it exists.
func spellings(file string) []string {
	written := strings.ToLower(filepath.ToSlash(file))
	for dir, rest := file, ""; ; dir, rest = filepath.Dir(dir), filepath.Join(filepath.Base(dir), rest) {
		real, err := filepath.EvalSymlinks(dir)
		if err == nil {
			real = strings.ToLower(filepath.ToSlash(filepath.Join(real, rest)))
			if real != written {
				return []string{written, real}
			}
		}
		if err == nil || dir == filepath.Dir(dir) {
			return []string{written}
		}
	}
}

// A pathPattern is a pattern for files.
type pathPattern struct {
	root   pathRoot
	glob   string // for doublestar, in lower case, without slashes at the ends; "" is everything
	dir    bool   // matches directories only: what is below them
	floats bool   // matches at any depth, also outside of the project
	never  bool
}

// A pathRoot is what a pattern is relative to.
type pathRoot int

const (
	underCwd     pathRoot = iota // src/**, ./src/**: the current directory, or the project
	underProject                 // /src/**
	underHome                    // ~/src/**
	underSlash                   // //src/**
)

// parsePathPattern reads pattern. Patterns that leave their root ("../proj/**"),
// and negations ("!(*.ts)"), never match (§10.2).
//
// A pattern without a slash, but at its end, matches at any depth and outside of
// the project too; one with a slash is anchored (e10_if_file_write_outside.01:
// "*.ts" and "**" match, "src/**" does not).
func parsePathPattern(pattern string) pathPattern {
	rest := strings.ToLower(strings.TrimSpace(pattern))
	p := pathPattern{never: strings.HasPrefix(rest, "!")}
	switch rest {
	case "~", ".":
		rest += "/"
	case "**":
		rest = "//"
	}
	for _, r := range []struct {
		prefix string
		root   pathRoot
	}{{"//", underSlash}, {"~/", underHome}, {"/", underProject}, {"./", underCwd}} {
		if after, ok := strings.CutPrefix(rest, r.prefix); ok {
			rest, p.root = after, r.root
			break
		}
	}
	p.never = p.never || strings.HasPrefix(rest+"/", "../")
	p.dir = strings.HasSuffix(rest, "/")
	p.glob = escape(strings.Trim(rest, "/"), "{}")
	deep := strings.HasPrefix(p.glob, "**/")
	p.floats = p.root == underCwd && p.glob != "" && (deep || !strings.Contains(p.glob, "/"))
	if p.floats && !deep {
		p.glob = "**/" + p.glob
	}
	return p
}

// escape puts a backslash before each of the characters in glob that has none
// yet, and before a backslash at the end.
func escape(glob, characters string) string {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		pair := glob[i] == '\\' && i+1 < len(glob)
		if !pair && strings.IndexByte(characters+`\`, glob[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(glob[i])
		if pair {
			i++
			b.WriteByte(glob[i])
		}
	}
	return b.String()
}

// matches reports whether the pattern matches file, which is a spelling.
func (p pathPattern) matches(file string, at conditionPlace) bool {
	if p.never {
		return false
	}
	inside := false
	for _, root := range p.roots(at) {
		rel, ok := below(root, file)
		if ok && p.matchesBelow(rel) {
			return true
		}
		inside = inside || ok
	}
	return p.floats && !inside && p.matchesBelow(strings.TrimPrefix(file, "/"))
}

// roots returns the spellings of the directories p is relative to. The
// reference (§5.4) has a plain pattern relative to the current directory, and
// the record was made where that is the project.
func (p pathPattern) roots(at conditionPlace) []string {
	switch {
	case p.root == underSlash:
		return []string{"/"}
	case p.root == underHome && at.home != "":
		return spellings(at.home)
	case p.root == underHome:
		return nil
	case p.root == underProject:
		return spellings(at.project)
	}
	return append(spellings(at.project), spellings(at.cwd)...)
}

// below returns file relative to dir, "" for dir itself.
func below(dir, file string) (rel string, ok bool) {
	if dir == file {
		return "", true
	}
	return strings.CutPrefix(file, strings.TrimSuffix(dir, "/")+"/")
}

// matchesBelow reports whether the pattern matches the file at rel, or a
// directory that it is in.
func (p pathPattern) matchesBelow(rel string) bool {
	if p.glob == "" {
		return true
	}
	for i, r := range rel {
		if r == '/' && p.matchesOne(rel[:i]) {
			return true
		}
	}
	return !p.dir && p.matchesOne(rel)
}

// matchesOne compares one path. Braces have no meaning ("*.{ts,js}" does not
// match, §10.2). Brackets are read as a set of characters and as themselves,
// since there are files called [id].ts.
func (p pathPattern) matchesOne(rel string) bool {
	if ok, err := doublestar.Match(p.glob, rel); ok && err == nil {
		return true
	}
	ok, err := doublestar.Match(escape(p.glob, "["), rel)
	return ok && err == nil
}
