package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A project is the directory that an agent may read. What root opens lies in it,
// whatever symbolic links there are.
type project struct {
	root *os.Root
	dir  string // its path, absolute
}

// What a tool returns at most, and what it reads of a file.
const (
	maxLines    = 2000
	maxLineSize = 2000      // bytes
	maxText     = 256 << 10 // bytes
	maxPaths    = 200
	maxFile     = 10 << 20 // bytes; larger files are not read
)

// tools returns the tools for reading the project.
func (p project) tools() []tool {
	text := func(about string) map[string]any { return map[string]any{"type": "string", "description": about} }
	number := func(about string) map[string]any { return map[string]any{"type": "integer", "description": about} }
	where := text("directory to look in; the project's by default")
	return []tool{
		{name: "Read", about: "Reads a file of the project. Lines are numbered.", run: p.read, required: []string{"file_path"},
			properties: map[string]any{"file_path": text("path of the file"),
				"offset": number("line to begin with, counted from 1"), "limit": number("how many lines")}},
		{name: "Glob", about: "Finds files of the project by a pattern such as **/*.go.", run: p.glob, required: []string{"pattern"},
			properties: map[string]any{"pattern": text("pattern of paths"), "path": where}},
		{name: "Grep", about: "Finds lines in files of the project by a regular expression (RE2).", run: p.grep, required: []string{"pattern"},
			properties: map[string]any{"pattern": text("regular expression"), "path": text("file or directory to look in; the project's by default"),
				"glob": text("pattern that the paths of files must match"),
				"-i":   map[string]any{"type": "boolean", "description": "without regard to case"}}},
	}
}

// errOutside is what comes of a path that leads out of the project.
var errOutside = errors.New("the path is outside of the project")

// name returns the path of a file or directory as root knows it, with slashes.
func (p project) name(file string) (string, error) {
	if file == "" {
		return ".", nil
	}
	if filepath.IsAbs(file) {
		rel, err := filepath.Rel(p.dir, file)
		if err != nil {
			return "", errOutside
		}
		file = rel
	}
	if file = filepath.Clean(file); !filepath.IsLocal(file) {
		return "", errOutside
	}
	return filepath.ToSlash(file), nil
}

// plain words an error without the paths of this machine.
func plain(err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.As(err, &at):
		return at.Err
	}
	return err
}

// open opens a file to be read whole. Only a regular one: a device or a pipe
// could keep the agent waiting for ever.
func (p project) open(name string) (*os.File, error) {
	info, err := p.root.Stat(name)
	switch {
	case err != nil:
		return nil, plain(err)
	case info.IsDir():
		return nil, errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	f, err := p.root.OpenFile(name, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, plain(err)
	}
	return f, nil
}

// read is the tool Read.
func (p project) read(_ context.Context, raw json.RawMessage) (string, error) {
	var args struct {
		Path   string `json:"file_path"`
		Offset int    `json:"offset"`
		Limit  int    `json:"limit"`
	}
	if err := readArgs(raw, &args); err != nil {
		return "", err
	}
	name, err := p.name(args.Path)
	if err != nil {
		return "", err
	}
	f, err := p.open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if args.Limit <= 0 || args.Limit > maxLines {
		args.Limit = maxLines
	}
	var out strings.Builder
	lines := lineScanner(f)
	for n := 1; lines.Scan() && n < max(args.Offset, 1)+args.Limit; n++ {
		if n >= args.Offset {
			fmt.Fprintf(&out, "%d\t%s\n", n, cutLine(lines.Text()))
		}
		if out.Len() > maxText {
			out.WriteString("(the rest is left out)\n")
			break
		}
	}
	return out.String(), lines.Err()
}

// lineScanner reads lines of any length a file may have here.
func lineScanner(f *os.File) *bufio.Scanner {
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 64<<10), maxFile+1)
	return s
}

// cutLine shortens a long line.
func cutLine(line string) string {
	if len(line) > maxLineSize {
		line = line[:maxLineSize] + "…"
	}
	return strings.ToValidUTF8(line, "\ufffd")
}

// glob is the tool Glob.
func (p project) glob(ctx context.Context, raw json.RawMessage) (string, error) {
	var args struct{ Pattern, Path string }
	if err := readArgs(raw, &args); err != nil {
		return "", err
	}
	base, err := p.name(args.Path)
	if err != nil {
		return "", err
	}
	pattern := path.Join(base, strings.TrimPrefix(args.Pattern, filepath.ToSlash(p.dir)+"/"))
	if !doublestar.ValidatePattern(pattern) {
		return "", errors.New("the pattern is not valid")
	}
	var found []string
	err = p.walk(ctx, base, func(name string) bool {
		if doublestar.MatchUnvalidated(pattern, name) {
			found = append(found, name)
		}
		return len(found) < maxPaths
	})
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "no files found", nil
	case len(found) == maxPaths:
		found = append(found, "(further files are left out)")
	}
	return strings.Join(found, "\n"), nil
}

// walk calls visit with every regular file below base, symbolic links not
// followed and .git left out, until it returns false.
func (p project) walk(ctx context.Context, base string, visit func(name string) bool) error {
	if _, err := p.root.Stat(base); err != nil {
		return plain(err)
	}
	return fs.WalkDir(p.root.FS(), base, func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return nil // what cannot be read is not there
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.Type().IsRegular() && !visit(name):
			return fs.SkipAll
		}
		return nil
	})
}
