package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// patience is a guard against hanging, not an expectation.
const patience = 3 * time.Minute

// A lab is a home directory, a project and a model of one test's own.
type lab struct {
	*testing.T
	home    string
	project string
	program string // run-hooks, at a place of this lab's own
	model   *fakemodel.Server
}

// newLab sets up a lab with the bridge installed for the user, and a project
// whose hooks are those given as the value of "hooks" in .claude/settings.json.
func newLab(t *testing.T, hooks string, turns ...fakemodel.Turn) *lab {
	t.Helper()
	l := bareLab(t, hooks, turns...)
	l.config(nil)
	l.offline(filepath.Join(l.home, ".config/opencode"))
	l.bridge()
	return l
}

// bareLab is newLab without a client's config and a bridge.
func bareLab(t *testing.T, hooks string, turns ...fakemodel.Turn) *lab {
	t.Helper()
	need(t)
	t.Parallel()
	dir := t.TempDir()
	l := &lab{T: t, home: filepath.Join(dir, "home"), project: filepath.Join(dir, "project"), program: filepath.Join(dir, "bin", "run-hooks")}
	model, err := fakemodel.Start(turns...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = model.Close() })
	l.model = model
	l.put(l.project, "README.md", "hello lab\n")
	if hooks != "" {
		l.put(l.project, ".claude/settings.json", `{"hooks":`+hooks+`}`)
	}
	if out, err := exec.Command("git", "init", "-q", l.project).CombinedOutput(); err != nil {
		t.Fatalf("git: %v\n%s", err, out)
	}
	return l
}

func (l *lab) put(dir, name, text string) string {
	l.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		l.Fatal(err)
	}
	return file
}

// script puts an executable shell script into the project.
func (l *lab) script(name, text string) {
	l.Helper()
	if err := os.Chmod(l.put(l.project, name, "#!/bin/sh\n"+text), 0o755); err != nil {
		l.Fatal(err)
	}
}

// config writes the user's opencode.json: the fake model, and more.
func (l *lab) config(more map[string]any) {
	l.Helper()
	all := map[string]any{
		"$schema": "https://opencode.ai/config.json",
		"model":   "lab/lab-model",
		"provider": map[string]any{"lab": map[string]any{
			"npm": "@ai-sdk/openai-compatible", "name": "Lab",
			"options": map[string]any{"baseURL": l.model.URL, "apiKey": "none"},
			"models":  map[string]any{"lab-model": labModel(), "gpt-5-lab": labModel()},
		}},
	}
	for name, value := range more {
		all[name] = value
	}
	text, err := json.Marshal(all)
	if err != nil {
		l.Fatal(err)
	}
	l.put(l.home, ".config/opencode/opencode.json", string(text))
}

// offline makes OpenCode believe that the packages it would fetch into a config
// directory before it loads any plugin are there (§2.3 of the OpenCode record).
func (l *lab) offline(dir string) {
	l.Helper()
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(l.project, dir)
	}
	l.put(dir, "node_modules/.keep", "")
	l.put(dir, "package-lock.json",
		`{"lockfileVersion":3,"packages":{"":{"dependencies":{"@opencode-ai/plugin":"`+openCodeVersion+`"}}}}`)
}

// install puts run-hooks at the lab's own place.
func (l *lab) install() {
	l.Helper()
	built, err := runHooks()
	if err != nil {
		l.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(l.program), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.Link(built, l.program); err != nil {
		l.Fatal(err)
	}
}

// bridge installs run-hooks, and the plugin.
func (l *lab) bridge() {
	l.Helper()
	l.install()
	plan, err := installer.OpenCode(installer.Options{Home: l.home, Global: true, Program: l.program, Plugin: opencode.Plugin})
	if err != nil {
		l.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		l.Fatal(err)
	}
}

// environment is all that the client gets. What is not on loopback is sent to a
// port where nobody listens.
func (l *lab) environment() []string {
	return []string{
		"HOME=" + l.home, "PATH=/usr/local/bin:/usr/bin:/bin", "TERM=xterm-256color", "LANG=C.UTF-8",
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost",
		"OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_LSP_DOWNLOAD=1", "OPENCODE_DISABLE_MODELS_FETCH=1",
		"RUN_HOOKS_TRUST=all",
		"CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS=60000", // of 1500, which a busy machine may need to start them
	}
}

// A result is what the user saw of a run.
type result struct {
	stdout string
	stderr string
	status int
}

// run is `opencode run` in the project.
func (l *lab) run(args ...string) result {
	l.Helper()
	return l.runIn(l.project, args...)
}

func (l *lab) runIn(dir string, args ...string) result {
	l.Helper()
	client, err := openCode()
	if err != nil {
		l.Fatal(err)
	}
	return l.start(dir, l.environment(), client, append([]string{"run"}, args...)...)
}

// start runs a client to its end.
func (l *lab) start(dir string, env []string, client string, args ...string) result {
	l.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, client, args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		l.Fatalf("%s did not end\n%s\n%s", filepath.Base(client), &stdout, &stderr)
	}
	r := result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	l.Logf("%s: status %d, %v\nstdout: %s\nstderr: %s", filepath.Base(client), r.status, err, r.stdout, r.stderr)
	return r
}

// request returns what the model was sent for turn n of the main conversation,
// counted from one.
func (l *lab) request(n int) fakemodel.Request {
	l.Helper()
	all := l.model.Requests(fakemodel.Main)
	if len(all) < n {
		l.Fatalf("the model was asked %d times, not %d", len(all), n)
	}
	return all[n-1]
}

// toolResult returns the result the model read for its call n.
func (l *lab) toolResult(n string, turn int) string {
	l.Helper()
	text, ok := l.request(turn).Result("call_main_" + n)
	if !ok {
		l.Fatalf("request %d has no result of call %s:\n%s", turn, n, l.request(turn).Text())
	}
	return text
}

func (l *lab) contains(what, text, want string) {
	l.Helper()
	if !strings.Contains(text, want) {
		l.Errorf("%s has no %q:\n%s", what, want, text)
	}
}

func (l *lab) lacks(what, text, unwanted string) {
	l.Helper()
	if strings.Contains(text, unwanted) {
		l.Errorf("%s has %q:\n%s", what, unwanted, text)
	}
}

// exists reports whether the project has a file.
func (l *lab) exists(name string) bool {
	_, err := os.Stat(filepath.Join(l.project, name))
	return err == nil
}

func labModel() map[string]any {
	return map[string]any{"name": "Lab", "limit": map[string]any{"context": 100_000, "output": 4000}}
}
