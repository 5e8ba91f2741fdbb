package loader

import (
	"path/filepath"

	hook "github.com/run-hooks/run-hooks"
)

// Inspect reads every config file of the project at o.Start, those too that do
// not count beside others, with what is wrong with each.
func Inspect(o Options) []*File {
	o.Start = realPath(o.Start)
	c := &Config{Project: o.Start}
	c.addClaude(o)
	if o.OpenCode {
		c.add(loadOpenCode(o, c.Project))
	}
	for _, f := range codexFiles(o, c.Project) {
		c.add(f)
	}
	for _, p := range managedFiles(o.Managed) {
		c.add(loadClaude(p, o.display(p.path)))
	}
	return c.Files
}

// InspectFile reads the one config file at path, by the family its name and
// folder say it is of; any other JSON file is read as Claude settings. name is
// how messages name it.
func InspectFile(path, name string) *File {
	folder, base := filepath.Base(filepath.Dir(path)), filepath.Base(path)
	var file *File
	switch {
	case folder == ".codex" && base == "hooks.json":
		file = loadCodexJSON(place{path, hook.ScopeCodex}, name)
	case base == "config.toml":
		file = loadCodexTOML(place{path, hook.ScopeCodex}, name)
	case folder == ".opencode" && base == "hooks.json":
		file = loadOpenCodeFile(place{path, hook.ScopeOpenCode}, name)
	default:
		file = loadClaude(place{path, hook.ScopeProject}, name)
	}
	if file == nil {
		file = &File{Path: path, Name: name, Status: Loaded}
	}
	return file
}
