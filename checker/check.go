package checker

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// A Report is what was found in the files that were looked at.
type Report struct {
	Findings []Finding // by file and place
	Files    int       // config files that were read
	Hooks    int       // handlers they hold
	Silenced int       // findings that .run-hooks.json silences
}

// Worst returns the gravest severity found; ok is false if nothing was.
func (r Report) Worst() (s loader.Severity, ok bool) {
	for _, f := range r.Findings {
		s = max(s, f.Severity)
	}
	return s, len(r.Findings) > 0
}

// Options say what to look at. Paths are absolute.
type Options struct {
	Paths   []string // directories and files
	Cwd     string   // what messages name files relative to
	As      Kind     // how to read the files of Paths; "" by their names and shapes
	User    string   // directory of the user's settings to check too; "" for none
	Managed string   // directory of the managed settings to check too; "" for none
}

// Check looks at every config file that o names. An error says what could not be
// looked at at all.
func Check(o Options) (Report, error) {
	c := collection{options: o, seen: map[string]bool{}}
	for _, path := range o.Paths {
		if err := c.addPath(path); err != nil {
			return Report{}, err
		}
	}
	c.addSystem()
	return c.report()
}

// A collection is the files that are looked at together.
type collection struct {
	options Options
	files   []*file
	seen    map[string]bool // real paths of files
}

// addPath adds the config files of a directory, or the one file at path.
func (c *collection) addPath(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return c.addFile(path)
	}
	found, complete := discover(path)
	for _, f := range found {
		c.add(f.path, f.row, f.root)
	}
	if !complete {
		c.files = append(c.files, tooWide(path, c.display(path)))
	}
	c.addPlace(path)
	return nil
}

// addFile adds a file that was named outright: by its name if that says
// something, else by its shape.
func (c *collection) addFile(path string) error {
	row, root, ok := named(filepath.ToSlash(path))
	if c.options.As != "" {
		row, root = fileName{kind: c.options.As}, ""
	} else if !ok {
		doc, err := loader.ReadDocument(path, c.display(path))
		if err != nil {
			return &os.PathError{Op: "read", Path: path, Err: err}
		}
		row.kind = guess(doc)
	}
	if root != "" {
		root = string(filepath.Separator) + filepath.FromSlash(root)
	}
	c.add(path, row, root)
	return nil
}

// addSystem adds the user's and the managed settings, where they are asked for.
func (c *collection) addSystem() {
	if dir := c.options.User; dir != "" {
		c.addIfThere(filepath.Join(dir, "settings.json"), User)
	}
	dir := c.options.Managed
	if dir == "" {
		return
	}
	c.addIfThere(filepath.Join(dir, "managed-settings.json"), Managed)
	drops, err := filepath.Glob(filepath.Join(dir, "managed-settings.d", "*.json"))
	if err != nil {
		return // the pattern is ours and valid
	}
	for _, p := range drops {
		c.addIfThere(p, Managed)
	}
}

func (c *collection) addIfThere(path string, kind Kind) {
	if _, err := os.Stat(path); err == nil {
		c.add(path, fileName{kind: kind}, "")
	}
}

// add reads a file once, by whatever paths it is reached.
func (c *collection) add(path string, row fileName, root string) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = path
	}
	if c.seen[real] {
		return
	}
	c.seen[real] = true
	f := &file{path: path, name: c.display(path), root: root, kind: row.kind, row: row}
	f.read()
	c.files = append(c.files, f)
}

// display names a path as messages do: relative to the current directory below
// it, else as it is.
func (c *collection) display(path string) string {
	if rel, err := filepath.Rel(c.options.Cwd, path); err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	return path
}

// read takes in the file: its text, and what the loader makes of it.
func (f *file) read() {
	if scope, ok := f.kind.scope(); ok {
		f.was = loader.InspectAs(f.path, f.name, scope)
	}
	open := loader.ReadDocument
	if strings.HasSuffix(f.path, ".toml") {
		open = loader.ReadTOML
	}
	doc, err := open(f.path, f.name)
	if err != nil {
		if f.was == nil {
			f.addFile(loader.Error, "unreadable", "cannot be read: "+err.Error(), "none of its hooks run", "")
		}
		return
	}
	f.doc = doc
}

// report runs the lints over all files and applies what silences them.
func (c *collection) report() (Report, error) {
	var r Report
	scripts := scriptSet{}
	for _, f := range c.files {
		f.lint(scripts)
	}
	scripts.lint()
	c.lintTogether()
	for _, f := range c.files {
		r.Findings = append(r.Findings, f.out...)
		if f.kind != "" {
			r.Files++
		}
		r.Hooks += f.count()
	}
	r.Findings = append(r.Findings, scripts.findings(c.display)...)
	r.Findings = inOrder(r.Findings)
	c.silence(&r)
	return r, nil
}

// count returns how many handlers the file holds.
func (f *file) count() int {
	if f.was != nil {
		return f.was.Hooks
	}
	return f.hooks().Hooks()
}

// lint runs every lint of the file's kind.
func (f *file) lint(scripts scriptSet) {
	f.lintLoaded()
	if f.doc == nil || !f.doc.Root().Exists() {
		if f.kind == Unread {
			lintUnreadText(f)
		}
		return
	}
	switch {
	case f.kind == Unread:
		lintUnread(f)
	case f.kind.shaped():
		f.lintShaped(scripts)
	default:
		f.lintAgent()
	}
}

// lintShaped runs the lints for files in Claude's shape.
func (f *file) lintShaped(scripts scriptSet) {
	for _, lint := range fileLints() {
		lint(f)
	}
	for _, g := range f.groups() {
		for _, lint := range groupLints() {
			lint(g)
		}
		for _, h := range g.handlers() {
			for _, lint := range handlerLints() {
				lint(h)
			}
			h.lintCommand(scripts)
		}
	}
}

// known reports whether name is that of a lint.
func known(name string) bool {
	return slices.ContainsFunc(Lints(), func(l Lint) bool { return l.Name == name })
}
