package checker

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// Bounds of the search through a repository, so that a check stays quick at the
// top of a large tree.
const (
	maxDepth = 6    // directories below the one that was named
	maxDirs  = 3000 // directories read
)

// A place is a config file that was found.
type place struct {
	path string
	root string // the project directory it belongs to
	row  fileName
}

// discover finds the config files in top and below it. complete is false if the
// search stopped at maxDirs.
func discover(top string) (found []place, complete bool) {
	level := []string{top}
	read := 0
	for depth := 0; depth <= maxDepth; depth++ {
		var below []string
		for _, dir := range level {
			if read++; read > maxDirs {
				return found, false
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				continue // what cannot be read cannot be loaded by an agent either
			}
			found = append(found, configsIn(dir, entries)...)
			for _, e := range entries {
				if e.IsDir() && !passedBy(e.Name()) {
					below = append(below, filepath.Join(dir, e.Name()))
				}
			}
		}
		level = below
	}
	return found, true
}

// passedBy reports whether a directory is not searched: hidden ones, and those
// that hold what others wrote.
func passedBy(name string) bool {
	return strings.HasPrefix(name, ".") ||
		slices.Contains([]string{"node_modules", "vendor", "dist", "build", "target", "venv", "testdata", "__pycache__", "site-packages"}, name)
}

// configsIn returns the config files of the directory dir.
func configsIn(dir string, entries []os.DirEntry) []place {
	var out []place
	here := map[string]bool{}
	for _, e := range entries {
		here[e.Name()] = true
	}
	for _, row := range fileNames() {
		first, _, _ := strings.Cut(row.dir, "/")
		if !here[first] {
			continue
		}
		paths, err := filepath.Glob(filepath.Join(escaped(dir), row.dir, row.base))
		if err != nil {
			continue // the pattern is ours and valid
		}
		for _, p := range paths {
			out = append(out, place{p, dir, row})
		}
	}
	if here["managed-settings.json"] {
		out = append(out, place{filepath.Join(dir, "managed-settings.json"), dir, fileName{kind: Managed}})
	}
	if here["hooks"] || here[".claude-plugin"] {
		out = append(out, pluginFiles(dir)...)
	}
	return out
}

// escaped protects a path from being read as a pattern.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// pluginFiles returns the hook files of the plugin at dir: hooks/hooks.json, and
// what its manifest names or holds (reference §3.1).
func pluginFiles(dir string) []place {
	var out []place
	add := func(path string, kind Kind) {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			out = append(out, place{path, dir, fileName{kind: kind}})
		}
	}
	if path := filepath.Join(dir, "hooks", "hooks.json"); filepath.Base(dir) != ".claude" {
		add(path, pluginKind(dir, path))
	}
	manifest := filepath.Join(dir, ".claude-plugin", "plugin.json")
	doc, err := loader.ReadDocument(manifest, manifest)
	if err != nil {
		return out
	}
	hooks := doc.Root().Get("hooks")
	if hooks.Kind() == '{' {
		add(manifest, Plugin)
	}
	for _, n := range append([]loader.Node{hooks}, hooks.Elements()...) {
		if path := n.Text(); path != "" {
			add(filepath.Join(dir, filepath.FromSlash(path)), Plugin)
		}
	}
	return out
}

// pluginKind says whose plugin a hooks/hooks.json is of: by the manifests beside
// it, else by its shape.
func pluginKind(dir, path string) Kind {
	if exists(filepath.Join(dir, ".claude-plugin")) {
		return Plugin
	}
	if exists(filepath.Join(dir, ".codex-plugin")) {
		return Codex
	}
	doc, err := loader.ReadDocument(path, path)
	if err != nil {
		return Plugin
	}
	if kind := guess(doc); kind != Claude {
		return kind
	}
	return Plugin
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// tooWide is the note that a search was not finished, as a file of its own.
func tooWide(path, name string) *file {
	f := &file{path: path, name: name}
	f.addFile(loader.Info, "search-limit", "not all directories below were searched for configs", "", "name the projects to check, or start further down")
	return f
}
