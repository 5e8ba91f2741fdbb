package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// A trial is one run of a real client in a home directory and a project that are
// thrown away, against a model that wants to make two calls: one that a hook
// denies, and one that no hook has anything against.
type trial struct {
	driver
	agent   installer.Agent
	harness mapper.Harness
	user    installer.Options // of the user and the project that doctor was asked in
	bare    bool              // nothing of the user's takes part
	client  string            // path of the client

	dir     string // of all that follows
	home    string
	project string
	env     []string
	model   *fakeModel
	own     bool     // the bridge is the user's own
	shared  bool     // and it stands in the project alone
	taken   []string // files of the user's that take part
	others  int      // hooks in them that are not the bridge
}

// The files that a trial makes in its project, and what the hook says.
const (
	deniedFile  = "denied-call-has-run"
	freeFile    = "other-call-has-run"
	askedFile   = "hook-has-run"
	denial      = "run-hooks doctor denies this call to see whether it is obeyed"
	markerHooks = `{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q ` + deniedFile +
		`; then : > \"$CLAUDE_PROJECT_DIR/` + askedFile + `\"; echo '` + denial + `' >&2; exit 2; fi"}]}]}}`
)

// calls are what the model wants to do.
func (t *trial) calls() []modelCall {
	touch := func(name string) modelCall {
		return modelCall{t.tool, t.input(": > '" + strings.ReplaceAll(filepath.Join(t.project, name), "'", `'\''`) + "'")}
	}
	return []modelCall{touch(deniedFile), touch(freeFile)}
}

// prepare writes the project, the client's config, what the user's own says of
// hooks and, where that has no bridge, one as `init --global` would write.
func (p *program) prepare(ctx context.Context, t *trial) error {
	for _, step := range []func() error{
		t.build,
		t.hookLives,
		func() error { return p.lookAtOwn(t) },
		func() error { return t.configure(ctx, t) },
		t.take,
		t.bridge,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// build makes the project, with the hook that denies. It is a git work tree, so
// that nothing above it counts. A client that runs a project's hooks itself finds
// none there: that one is the user's.
func (t *trial) build() error {
	claude := filepath.Join(t.project, ".claude", "settings.json")
	if slices.Contains(t.harness.Runs, hook.ScopeProject) {
		claude = filepath.Join(t.home, ".claude", "settings.json")
	}
	return write(map[string]string{
		claude: markerHooks, filepath.Join(t.dir, "tmp", ".keep"): "", filepath.Join(t.project, ".git", "HEAD"): "ref: refs/heads/main\n",
		filepath.Join(t.project, ".git/refs/heads/.keep"): "", filepath.Join(t.project, ".git/objects/.keep"): "",
	})
}

// hookLives reports what keeps the trial's hook from running here.
func (t *trial) hookLives() error {
	cfg := loader.Load(loader.Options{Home: t.home, ConfigDir: filepath.Join(t.home, ".claude"), Start: t.project, Managed: hook.ManagedDir()})
	ours := func(c loader.Choice) bool { return c.Run && strings.Contains(c.Handler.Command, denial) }
	if !slices.ContainsFunc(cfg.Handlers(), ours) {
		return fmt.Errorf("the settings in %s keep other hooks from running: there is nothing that doctor --fire could show", hook.ManagedDir())
	}
	return nil
}

// lookAtOwn sees whether the user has bridged the agent, and what environment it
// has then.
func (p *program) lookAtOwn(t *trial) error {
	if !t.bare {
		b := p.bridgedBy(t.agent, t.user)
		t.own, t.shared = b.is(), b.is() && b.User == "no"
		if b.Problem != "" {
			return errors.New(b.Problem)
		}
	}
	t.env = p.trialEnv(t)
	return nil
}

// bridge installs the bridge where the user has none.
func (t *trial) bridge() error {
	if t.own {
		return nil
	}
	o := t.user
	o.Home, o.Project, o.Global, o.Moved = t.home, t.project, true, nil
	plan, err := t.agent.Plan(o)
	if err != nil {
		return err
	}
	return plan.Apply()
}

// trialEnv is the environment of the client. What is not on loopback is sent to a
// port where nobody listens. The user's own bridge has to find run-hooks as it
// does without doctor.
func (p *program) trialEnv(t *trial) []string {
	path := getenv(p.env, "PATH")
	if !t.own {
		path = filepath.Dir(p.self) + string(filepath.ListSeparator) + path
	}
	env := []string{
		"HOME=" + t.home, "PATH=" + path, "TERM=dumb", "LANG=C.UTF-8",
		"TMPDIR=" + filepath.Join(t.dir, "tmp"), "RUN_HOOKS_TRUST=all",
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost",
	}
	for _, name := range t.agent.OffEnv {
		if value, set := lookupEnv(p.env, name); set && !t.bare {
			env = append(env, name+"="+value)
		}
	}
	return append(env, t.driver.env(t)...)
}

// take puts what the user's own config has to say of hooks beside the trial's.
func (t *trial) take() error {
	if t.bare {
		return nil
	}
	moved := map[string]string{t.user.Project + "/": t.project + "/"}
	for _, l := range t.agent.Layers(t.user) {
		to := filepath.Join(t.project, filepath.FromSlash(l.Project))
		if l.Global {
			to = filepath.Join(t.home, filepath.FromSlash(t.agent.Home[0]), filepath.FromSlash(l.User))
			moved[strings.TrimSuffix(l.Path, filepath.FromSlash(l.User))] = strings.TrimSuffix(to, filepath.FromSlash(l.User))
		}
		text, others, err := l.Excerpt(t.agent.Name, moved)
		t.others += others
		if err != nil {
			return err
		}
		if text == nil {
			continue
		}
		t.taken = append(t.taken, l.Path)
		if err := addTo(to, text); err != nil {
			return err
		}
	}
	return nil
}

// addTo adds members to a config, or makes it. What it has already stays.
func addTo(file string, text []byte) error {
	base, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return write(map[string]string{file: string(text)})
	case err != nil:
		return err
	case filepath.Ext(file) == ".toml":
		return write(map[string]string{file: string(base) + "\n" + string(text)})
	}
	var all, more map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(text, &all), json.Unmarshal(base, &more)); err != nil {
		return err
	}
	maps.Copy(all, more)
	if text, err = json.Marshal(all); err != nil {
		return err
	}
	return write(map[string]string{file: string(text)})
}

// write makes files. Programs are told by their having no extension.
func write(files map[string]string) error {
	for at, text := range files {
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return err
		}
		mode := fs.FileMode(0o600)
		if filepath.Ext(at) == "" {
			mode = 0o700
		}
		if err := os.WriteFile(at, []byte(text), mode); err != nil {
			return err
		}
	}
	return nil
}
