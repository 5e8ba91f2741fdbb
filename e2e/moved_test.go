package e2e

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// TestMoved: where an agent's own variable moves its directory of the user, the
// bridge that init puts there guards.
func TestMoved(t *testing.T) {
	need(t)
	for _, a := range installer.Agents() {
		client, runs := realAgents()[a.Name]
		for _, m := range a.Moves {
			if runs {
				t.Run(a.Name+"/"+m.Variable, func(t *testing.T) { client.moved(a, m).movedGuardDenies(t) })
			}
		}
	}
}

// moved is the agent with its directory of the user moved by m.
func (a agent) moved(to installer.Agent, m installer.Mover) agent {
	config, env := a.config, a.env
	root := func(home string) string { return filepath.Join(filepath.Dir(home), "moved") }
	a.config = func(l *lab) {
		config(l)
		at := filepath.Join(root(l.home), m.Below)
		err := os.MkdirAll(filepath.Dir(at), 0o755)
		if err == nil {
			err = os.Rename(filepath.Join(l.home, to.Home[0]), at)
		}
		if errors.Is(err, fs.ErrNotExist) { // it has no config
			err = os.MkdirAll(at, 0o755)
		}
		if err != nil {
			l.Fatal(err)
		}
	}
	a.env = func(l *lab) []string { return append(env(l), m.Variable+"="+root(l.home)) }
	a.plan = func(o installer.Options) (installer.Plan, error) {
		o.Global, o.Moved = true, map[string]string{to.Name: filepath.Join(root(o.Home), m.Below)}
		o.Program, o.Plugin = filepath.Join(filepath.Dir(o.Home), "bin", "run-hooks"), opencode.Plugin
		return to.Plan(o)
	}
	return a
}

// movedGuardDenies: a guard stops a command.
func (a agent) movedGuardDenies(t *testing.T) {
	l := a.lab(t, guard, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "clean up here")
	l.contains("the request after the denied call", l.request(2).Text(), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}
