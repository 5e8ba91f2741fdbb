package checker

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/run-hooks/run-hooks/loader"
)

// SilenceFile is the name of the file that silences lints, in the directory that
// is checked or one above it, up to the root of the git work tree:
//
//	{"silence": [{"lint": "relative-path", "path": ".claude/**", "reason": "…"}]}
//
// path is a pattern relative to the file's own directory, "**" if it is left
// out. An entry without a reason silences nothing.
const SilenceFile = ".run-hooks.json"

// A silencer is one entry of a SilenceFile.
type silencer struct {
	lint, path string
	node       loader.Node
	used       bool
}

// silence drops the findings that SilenceFiles silence, and judges those files.
func (c *collection) silence(r *Report) {
	byDir := map[string][]*silencer{}
	rest := r.Findings[:0:0]
	for _, f := range r.Findings {
		dir := silenceDir(filepath.Dir(f.Path))
		if _, read := byDir[dir]; dir != "" && !read {
			byDir[dir] = c.readSilence(dir, &rest)
		}
		if silenced(f, dir, byDir[dir]) {
			r.Silenced++
		} else {
			rest = append(rest, f)
		}
	}
	r.Findings = inOrder(rest)
}

// silenceDir returns the nearest directory at or above dir that has a
// SilenceFile; "" if none has, up to the root of the git work tree.
func silenceDir(dir string) string {
	for ; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, SilenceFile)) {
			return dir
		}
		if exists(filepath.Join(dir, ".git")) || dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func silenced(f Finding, dir string, entries []*silencer) bool {
	rel, err := filepath.Rel(dir, f.Path)
	if err != nil {
		return false
	}
	for _, s := range entries {
		match, err := doublestar.Match(s.path, filepath.ToSlash(rel))
		if s.lint == f.Name && match && err == nil {
			s.used = true
			return true
		}
	}
	return false
}

// readSilence reads the SilenceFile of dir; what is wrong with it is reported.
func (c *collection) readSilence(dir string, out *[]Finding) []*silencer {
	path := filepath.Join(dir, SilenceFile)
	f := &file{path: path, name: c.display(path)}
	defer func() { *out = append(*out, f.out...) }()
	doc, err := loader.ReadDocument(path, f.name)
	if err != nil {
		f.addFile(loader.Error, "silence", "cannot be read: "+err.Error(), "nothing is silenced", "")
		return nil
	}
	f.doc = doc
	if fault := doc.Fault(); fault != nil {
		fault.Cost = "nothing is silenced"
		f.out = append(f.out, Finding{Finding: *fault, Path: path, Width: 1})
		return nil
	}
	var entries []*silencer
	for _, m := range doc.Root().Members() {
		if m.Name != "silence" && !describes(m.Name) {
			f.add(m.Key, loader.Error, "silence", fmt.Sprintf("%q is no key of %s", m.Name, SilenceFile), "it does nothing", `its one key is "silence"`)
		}
	}
	for _, n := range doc.Root().Get("silence").Elements() {
		if s := f.silencer(n); s != nil {
			entries = append(entries, s)
		}
	}
	return entries
}

// silencer reads one entry; nil if it silences nothing.
func (f *file) silencer(n loader.Node) *silencer {
	lint, reason, path := n.Get("lint"), n.Get("reason"), n.Get("path").Text()
	switch {
	case !known(lint.Text()):
		at := lint
		if !at.Exists() {
			at = n
		}
		f.add(at, loader.Error, "silence", fmt.Sprintf("there is no lint %q", lint.Text()), "nothing is silenced by it", nearestLint(lint.Text()))
		return nil
	case strings.TrimSpace(reason.Text()) == "":
		f.add(n, loader.Error, "silence", "an entry without a reason", "nothing is silenced by it", `say why, in "reason"`)
		return nil
	}
	if path == "" {
		path = "**"
	}
	if !doublestar.ValidatePattern(path) {
		f.add(n.Get("path"), loader.Error, "silence", fmt.Sprintf("%q is no pattern of paths", path), "nothing is silenced by it", "")
		return nil
	}
	return &silencer{lint: lint.Text(), path: path, node: n}
}

func nearestLint(name string) string {
	var names []string
	for _, l := range Lints() {
		names = append(names, l.Name)
	}
	if near := nearest(name, names); near != "" {
		return fmt.Sprintf("did you mean %q", near)
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, name) && name != "" }); i >= 0 {
		return fmt.Sprintf("did you mean %q", names[i])
	}
	return ""
}
