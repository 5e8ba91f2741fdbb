package main

import (
	"fmt"
	"path/filepath"

	"github.com/run-hooks/run-hooks/loader"
)

// trust records that hooks of a folder, and of those below it, may run under
// bridge and serve.
func (p *program) trust() (int, error) {
	dir, err := p.oneDir("trust")
	if err != nil {
		return exitUsage, err
	}
	if err := p.trustStore().Trust(dir); err != nil {
		return exitFail, err
	}
	fmt.Fprintf(p.stdout, "trusted %s: its hooks run under every bridged agent\n", dir)
	return exitOK, nil
}

// untrust takes that back.
func (p *program) untrust() (int, error) {
	dir, err := p.oneDir("untrust")
	if err != nil {
		return exitUsage, err
	}
	was, err := p.trustStore().Untrust(dir)
	if err != nil {
		return exitFail, err
	}
	if !was {
		fmt.Fprintf(p.stdout, "%s was not trusted by run-hooks\n", dir)
	} else {
		fmt.Fprintf(p.stdout, "no longer trusted: %s\n", dir)
	}
	if by := p.trustStore().Trusted(dir, p.claudeState()); by != "" {
		p.say.warnf("%s is still trusted through %s", dir, by)
	}
	return exitOK, nil
}

// oneDir returns the directory that the arguments name, by default the project
// one is in.
func (p *program) oneDir(command string) (string, error) {
	switch len(p.args) {
	case 0:
		return loader.Project(p.cwd), nil
	case 1:
		dir, err := filepath.EvalSymlinks(p.absolute(p.args[0]))
		if err != nil {
			return "", usagef("%s %q: there is no such directory", command, p.args[0])
		}
		return dir, nil
	}
	return "", usagef("%s takes one directory", command)
}

// trusts reports whether hooks of a project may run without being typed.
func (w world) trusts(project string) bool {
	return getenv(w.env, "RUN_HOOKS_TRUST") == "all" || w.trustStore().Trusted(project, w.claudeState()) != ""
}

// trustStore is the record of trusted folders.
func (w world) trustStore() loader.TrustStore {
	return loader.TrustStore{Path: filepath.Join(w.state, "trusted")}
}

// trustPrint changes when what is trusted may have changed.
func (w world) trustPrint() string {
	return loader.FilePrint(w.trustStore().Path, w.claudeState())
}

// claudeState is Claude Code's own state file, which knows the folders it trusts.
func (w world) claudeState() string {
	if dir := getenv(w.env, "CLAUDE_CONFIG_DIR"); dir != "" {
		return filepath.Join(w.absolute(dir), ".claude.json")
	}
	return filepath.Join(w.home, ".claude.json")
}
