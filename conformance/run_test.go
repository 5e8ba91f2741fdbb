//go:build unix

package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
	"unicode/utf8"
)

const (
	limit  = 30 * time.Second // for one vector
	settle = 2 * time.Second  // for hooks in the background and dying processes after the program's end
)

// What was seen of one run.
type seen struct {
	root, start    string
	args           []string
	exit           int // -1: a signal ended it
	timedOut       bool
	stdout, stderr string
	report         map[string]any // nil: stdout is not one JSON object
	hooks          []record
	left           []string           // command lines of processes still alive; nil: not looked for
	wrote          map[string]*string // content of the files that Expect names; nil: there is none
	requests       []request
	asked          []any // bodies of the requests to the model
}

// run runs a vector in a scratch directory of its own. It returns the vector with
// its placeholders replaced, and a notHere if it cannot be run on this machine.
func (s *suite) run(ctx context.Context, v vector) (_ vector, _ seen, err error) {
	if err := s.missing(&v); err != nil {
		return v, seen{}, err
	}
	root, err := os.MkdirTemp(s.folder, "")
	if err != nil {
		return v, seen{}, err
	}
	defer func() {
		if !killAll(root) {
			err = errors.Join(err, errors.New("processes are left that cannot be killed"))
		}
		err = errors.Join(err, remove(root))
	}()
	names := map[string]string{"ROOT": root}
	var up servers
	defer up.close()
	if err := up.listen(&v, names); err != nil {
		return v, seen{}, err
	}
	return s.runIn(ctx, root, v, names, &up)
}

func (s *suite) runIn(ctx context.Context, root string, v vector, names map[string]string, up *servers) (vector, seen, error) {
	v, err := v.expand(names)
	if err != nil {
		return v, seen{}, err
	}
	up.serve(&v)
	env := s.environment(root)
	if port := names[modelPort]; port != "" {
		env = append(env, "ANTHROPIC_BASE_URL=http://127.0.0.1:"+port, "ANTHROPIC_API_KEY="+inventedKey)
	}
	if err := s.fill(root, &v, env); err != nil {
		return v, seen{}, err
	}
	for name, value := range v.Env {
		env = append(env, name+"="+value)
	}
	got, err := s.fire(ctx, root, &v, env)
	if err != nil {
		return v, got, err
	}
	if err := got.wait(&v); err != nil {
		return v, got, err
	}
	got.requests, got.asked = up.hooks.requests(), up.model.asked()
	return v, got, nil
}

// environment is the whole environment of a run, but for the vector's own.
func (s *suite) environment(root string) []string {
	env := []string{
		"PATH=" + filepath.Join(root, "bin") + ":" + searchPath, "HOME=" + filepath.Join(root, "home"),
		"USER=hk", "LOGNAME=hk", "LANG=C.UTF-8", "TERM=dumb",
	}
	if s.raced { // a raced program would wait a second at its end
		env = append(env, "GORACE=atexit_sleep_ms=0")
	}
	return env
}

// fire runs run-hooks once on the vector's payload.
func (s *suite) fire(ctx context.Context, root string, v *vector, env []string) (seen, error) {
	got := seen{root: root, start: filepath.Join(root, v.Start)}
	payload, err := compact.format(v.Event)
	if err != nil {
		return got, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program("run-hooks"), "--event", v.event, "--format", "json", "--dir", got.start)
	got.args = cmd.Args
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Env = got.start, env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader([]byte(payload+"\n")), &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error {
		killAll(root)
		return cmd.Process.Kill()
	}
	cmd.WaitDelay = settle
	if v.hasManaged() {
		s.putManaged(cmd, root)
	}
	if v.leaves() {
		cutOff(cmd)
	}
	if err := cmd.Run(); cmd.ProcessState == nil {
		return got, err
	}
	if v.Expect["left"] == nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // most often nothing is left there
	}
	got.exit, got.timedOut = cmd.ProcessState.ExitCode(), ctx.Err() != nil
	got.stdout, got.stderr = stdout.String(), stderr.String()
	if !utf8.Valid(stdout.Bytes()) || json.Unmarshal(stdout.Bytes(), &got.report) != nil {
		got.report = nil
	}
	return got, nil
}

// wait looks until everything is there that the vector wants to have happened,
// at most settle long, where something may still be on its way.
func (got *seen) wait(v *vector) error {
	var ran, left []string
	if err := errors.Join(v.expected("ran", &ran), v.expected("left", &left)); err != nil {
		return err
	}
	until := time.Now().Add(10 * time.Millisecond)
	if left != nil || v.hasBackground() {
		until = until.Add(settle)
	}
	for {
		var err error
		if got.hooks, err = readRecords(got.root); err != nil {
			return err
		}
		if left != nil {
			got.left = commandLines(got.root)
		}
		if len(got.hooks) >= len(ran) && slices.Equal(got.left, left) || time.Now().After(until) {
			return got.readFiles(v)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// readFiles reads the files that the vector wants to have been written.
func (got *seen) readFiles(v *vector) error {
	var paths map[string]any
	if err := v.expected("wrote", &paths); err != nil {
		return err
	}
	got.wrote = map[string]*string{}
	for path := range paths {
		if text, err := os.ReadFile(path); err == nil {
			content := string(text)
			got.wrote[path] = &content
		}
	}
	return nil
}
