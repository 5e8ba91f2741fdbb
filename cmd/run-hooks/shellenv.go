package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
)

// evaluationLimit is how long the exports of a session's hooks may take.
const evaluationLimit = 10 * time.Second

// exported is what the hooks of a session have set for the agent's shell, and
// what their files looked like then.
type exported struct {
	print string
	env   hook.Object
}

// shellEnv answers {event: "shell.env", session, state: {root}}: the variables
// that hooks have exported through CLAUDE_ENV_FILE (§2), as {"env": {…}}.
func (b *bridge) shellEnv(ctx context.Context, request hook.Object) []byte {
	session, _ := request.Get("session")
	id := hook.Text(session)
	if raw, ok := request.Get("state"); ok {
		if state, err := hook.ParseObject(raw); err == nil {
			if root, _ := state.Get("root"); hook.Text(root) != "" {
				id = hook.Text(root)
			}
		}
	}
	env := b.exportsOf(ctx, id)
	if len(env) == 0 {
		return []byte("{}")
	}
	return hook.Object{}.With("env", env.JSON()).JSON()
}

// exportsOf returns the variables of a session; they are worked out again when a
// file has changed.
func (b *bridge) exportsOf(ctx context.Context, session string) hook.Object {
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`).MatchString(session) {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(b.state, "sessions", session, "session-env", "*.sh"))
	if len(files) == 0 {
		return nil
	}
	print := filesPrint(files)
	b.mu.Lock()
	known := b.exports[session]
	b.mu.Unlock()
	if known.print == print {
		return known.env
	}
	env, err := evaluate(ctx, files, b.env)
	if err != nil {
		b.say.warnf("what the session's hooks have exported is not set: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exports[session] = exported{print, env}
	return env
}

// filesPrint changes when one of the files may have changed.
func filesPrint(files []string) string {
	var b strings.Builder
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", file, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// evaluate runs shell files one after another and returns the variables that are
// in the environment then and were not before.
func evaluate(ctx context.Context, files, env []string) (hook.Object, error) {
	const script = `exec 3>&1 >/dev/null 2>&1; trap 'exec env -0 >&3' EXIT; for f do . "$f"; done`
	ctx, stop := context.WithTimeout(ctx, evaluationLimit)
	defer stop()
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", script, "sh"}, files...)...)
	cmd.Env, cmd.WaitDelay = env, time.Second
	out, err := cmd.Output()
	var vars hook.Object
	for _, line := range bytes.Split(out, []byte{0}) {
		name, value, ok := strings.Cut(string(line), "=")
		own := slices.Contains([]string{"_", "PWD", "OLDPWD", "SHLVL"}, name)
		if ok && !own && !slices.Contains(env, string(line)) {
			vars = vars.WithText(name, value)
		}
	}
	return vars, err
}
