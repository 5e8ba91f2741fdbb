// Package installer puts the bridge into an agent's own config, takes it out,
// and tells whether it is there. It first makes a [Plan], which can be shown;
// only Apply writes.
//
// What somebody else has written is never lost: a config keeps its comments and
// its layout, removing restores it byte by byte, and a file of ours that was
// changed by hand is neither replaced nor deleted.
package installer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options say what to install, and where.
type Options struct {
	Home    string            // the user's home directory
	Project string            // root of the project, where Global is false
	Global  bool              // for all projects of the user
	Remove  bool              // take it out
	Program string            // absolute path of run-hooks, for what is installed to find it
	Plugin  []byte            // source of the plugin, for an agent that takes one
	All     bool              // run also the hooks that the agent runs itself (mapper.Harness.Runs)
	Moved   map[string]string // see [Moved]
}

// A Plan is what there is to do, in order. An empty one has nothing to do.
type Plan []Step

// A Step changes one file.
type Step struct {
	Path   string
	Before []byte // what it holds now; nil: there is none
	After  []byte // what it shall hold; nil: it is deleted
	Script bool   // a new file is executable
}

// Apply carries the plan out. A file is written beside its place and renamed; one
// that has changed since the plan was made is left alone, and is an error.
func (p Plan) Apply() error {
	for _, s := range p {
		if err := s.apply(); err != nil {
			return err
		}
	}
	return nil
}

func (s Step) apply() error {
	now, err := read(s.Path)
	if err != nil {
		return err
	}
	if !same(now, s.Before) {
		return fmt.Errorf("%s was changed meanwhile; nothing was done to it", s.Path)
	}
	if s.After == nil {
		return remove(s.Path)
	}
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o755); err != nil {
		return err
	}
	if err := write(s.Path, s.After); err != nil || !s.Script {
		return err
	}
	return os.Chmod(s.Path, 0o755)
}

// remove deletes a file, and the directory that was made for it if that is empty.
func remove(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if slices.Contains([]string{".run-hooks", "plugins", ".codex", ".gemini", ".qwen", ".factory", ".cursor", "hooks"}, filepath.Base(dir)) {
		_ = os.Remove(dir) // not empty: others use it
	}
	return nil
}

// write replaces a file at once, following a symbolic link to the file it names
// and keeping its mode.
func write(path string, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".run-hooks-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// read returns a file's text, nil if there is no file.
func read(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case text == nil:
		return []byte{}, nil
	}
	return text, nil
}

func same(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

// String shows the plan: each file, and the lines that change in it.
func (p Plan) String() string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.Before == nil:
			fmt.Fprintf(&b, "create %s (%d lines)\n", s.Path, bytes.Count(s.After, []byte("\n")))
		case s.After == nil:
			fmt.Fprintf(&b, "delete %s\n", s.Path)
		default:
			fmt.Fprintf(&b, "change %s\n%s", s.Path, changed(s.Before, s.After))
		}
	}
	return b.String()
}

// changed shows the lines between the common beginning and the common end, no
// more than ten of each side.
func changed(before, after []byte) string {
	a, b := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return marked("-", a) + marked("+", b)
}

func marked(mark string, lines []string) string {
	const most = 10
	var b strings.Builder
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(&b, "  %s … %d more lines\n", mark, len(lines)-most)
			break
		}
		fmt.Fprintf(&b, "  %s %s\n", mark, line)
	}
	return b.String()
}
