package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
)

// fireLimit is how long a client may take for the whole of its turn.
const fireLimit = 2 * time.Minute

// A trial is one run of a real client in a home directory and a project that are
// thrown away, against a model that wants to make two calls: one that a hook
// denies, and one that no hook has anything against.
type trial struct {
	driver
	agent   installer.Agent
	client  string // path of the client
	dir     string // of all that follows
	home    string
	project string
	env     []string
	model   *fakeModel
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

// fireUnder is `doctor --fire`: it runs the real client of a harness and shows
// whether a hook's denial is obeyed. Nothing of the user's is read or changed,
// except that it is said how the user's own config is bridged.
func (p *program) fireUnder(harness, client string) (int, error) {
	h, err := harnessNamed(harness)
	if err != nil {
		return exitUsage, err
	}
	d, ok := drivers()[harness]
	if !ok {
		return exitFail, fmt.Errorf("the client of %s cannot be driven from here; doctor --fire can drive %s", harness, driverNames())
	}
	chosen, err := agentsNamed([]string{h.Name})
	if err != nil {
		return exitFail, err
	}
	t := &trial{driver: d, agent: chosen[0]}
	if t.client, err = p.clientAt(t.agent, client); err != nil {
		return exitFail, err
	}
	if p.net() == "" {
		return exitFail, fmt.Errorf("doctor --fire needs run-hooks-net, which is not beside %s", p.self)
	}
	s, err := p.observe(t)
	if err != nil {
		return exitFail, err
	}
	return p.tell(t, s), nil
}

// clientAt is the path of the client to run: the one asked for, or that on PATH.
func (p *program) clientAt(a installer.Agent, client string) (string, error) {
	if client == "" {
		if at := p.lookPath(a.Command); at != "" {
			return at, nil
		}
		return "", fmt.Errorf("%s is not on PATH; --client says where %s is", a.Command, a.Title)
	}
	at := p.absolute(client)
	if info, err := os.Stat(at); err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
		return "", fmt.Errorf("--client %s is no program", client)
	}
	return at, nil
}

// observe runs the trial and cleans up after it.
func (p *program) observe(t *trial) (sighting, error) {
	ctx := p.life()
	dir, err := os.MkdirTemp("", "run-hooks-fire-")
	if err != nil {
		return sighting{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if t.dir, err = filepath.EvalSymlinks(dir); err != nil {
		return sighting{}, err
	}
	t.home, t.project = filepath.Join(t.dir, "home"), filepath.Join(t.dir, "project")
	t.env = p.trialEnv(t)
	if t.model, err = startModel(ctx, p.net(), t.calls()); err != nil {
		return sighting{}, err
	}
	s, err := p.play(ctx, t)
	asked, lost := t.model.end()
	if ctx.Err() != nil {
		return sighting{}, errors.New("told to stop before the client had ended")
	}
	s.asked = asked
	return s, errors.Join(err, lost)
}

// calls are what the model wants to do.
func (t *trial) calls() []modelCall {
	touch := func(name string) modelCall {
		return modelCall{t.tool, t.input(": > '" + strings.ReplaceAll(filepath.Join(t.project, name), "'", `'\''`) + "'")}
	}
	return []modelCall{touch(deniedFile), touch(freeFile)}
}

// trialEnv is the environment of the client without its driver's part. What is
// not on loopback is sent to a port where nobody listens.
func (p *program) trialEnv(t *trial) []string {
	return []string{
		"HOME=" + t.home, "PATH=" + filepath.Dir(p.self) + string(filepath.ListSeparator) + getenv(p.env, "PATH"), "TERM=dumb", "LANG=C.UTF-8",
		"TMPDIR=" + filepath.Join(t.dir, "tmp"), "RUN_HOOKS_TRUST=all",
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost",
	}
}

// play sets the stage, runs the client to its end and looks what it has left.
func (p *program) play(ctx context.Context, t *trial) (sighting, error) {
	ctx, cancel := context.WithTimeout(ctx, fireLimit)
	defer cancel()
	if err := p.prepare(ctx, t); err != nil {
		return sighting{}, err
	}
	cmd := exec.CommandContext(ctx, t.client, append(slices.Clone(t.args), "make the calls")...)
	cmd.Dir, cmd.Env = t.project, append(slices.Clone(t.env), t.driver.env(t.model.url)...)
	inGroup(cmd)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return sighting{}, err
	}
	_ = cmd.Wait() // what a status means is the client's affair
	return sighting{
		took: time.Since(begun), late: ctx.Err() != nil, said: said.String(),
		denied: t.has(deniedFile), free: t.has(freeFile), hook: t.has(askedFile),
	}, nil
}

// prepare writes the project, the client's config, and the bridge as `init
// --global` would. The project is a git work tree, so that nothing above it counts.
func (p *program) prepare(ctx context.Context, t *trial) error {
	if err := write(t.project, map[string]string{
		".claude/settings.json": markerHooks, ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/.keep": "", ".git/objects/.keep": "",
	}); err != nil {
		return err
	}
	if err := t.hookLives(); err != nil {
		return err
	}
	if err := write(t.dir, map[string]string{"tmp/.keep": ""}); err != nil {
		return err
	}
	if err := write(t.home, t.files(ctx, t)); err != nil {
		return err
	}
	o := p.installerOptions(t.project)
	o.Home, o.Global = t.home, true
	o.Moved = nil
	plan, err := t.agent.Plan(o)
	if err != nil {
		return err
	}
	return plan.Apply()
}

// hookLives reports what keeps the trial's hook from running here.
func (t *trial) hookLives() error {
	cfg := loader.Load(loader.Options{Home: t.home, ConfigDir: filepath.Join(t.home, ".claude"), Start: t.project, Managed: hook.ManagedDir()})
	if !slices.ContainsFunc(cfg.Handlers(), func(c loader.Choice) bool { return c.Run && c.Handler.Scope == hook.ScopeProject }) {
		return fmt.Errorf("the settings in %s keep a project's hooks from running: there is nothing that doctor --fire could show", hook.ManagedDir())
	}
	return nil
}

// write makes files below dir.
func write(dir string, files map[string]string) error {
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether the project has a file.
func (t *trial) has(name string) bool {
	_, err := os.Stat(filepath.Join(t.project, name))
	return err == nil
}

// inGroup puts a client in a process group of its own, so that it ends with all
// that it has started.
func inGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}

// tell says what was seen, and how the user's own config is bridged.
func (p *program) tell(t *trial, s sighting) int {
	status, what, hint := s.verdict(t.agent.Name)
	if status == exitOK {
		hint = t.but
	}
	fmt.Fprintf(p.stdout, "fires: %s\n", what)
	if hint != "" {
		fmt.Fprintf(p.stdout, "    %s\n", hint)
	}
	for _, line := range s.lastWords(status) {
		fmt.Fprintf(p.stdout, "    | %s\n", line)
	}
	for _, b := range p.bridges(p.installerOptions(loader.Project(p.cwd))) {
		if b.Harness == t.agent.Name {
			fmt.Fprintf(p.stdout, "your own config here: %s\n", b.words())
		}
	}
	return status
}
