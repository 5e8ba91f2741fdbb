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

	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
)

// fireLimit is how long a client may take for the whole of its turn.
const fireLimit = 2 * time.Minute

// fireUnder is `doctor --fire`: it runs the real client of a harness and shows
// whether a hook's denial is obeyed with what the user's own config of that client
// has to say of hooks. Where it is not, a second run without that config shows
// which of the two is at fault. Nothing of the user's is changed, none of the
// user's keys are read, and no other hook of the user's is run.
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
	t := &trial{driver: d, agent: chosen[0], harness: h}
	if t.client, err = p.clientAt(t.agent, client); err != nil {
		return exitFail, err
	}
	if p.net() == "" {
		return exitFail, fmt.Errorf("doctor --fire needs run-hooks-net, which is not beside %s", p.self)
	}
	t.user = p.installerOptions(loader.Project(p.cwd))
	return p.try(t)
}

// try makes the trial, and one without the user's config where that is at fault.
func (p *program) try(t *trial) (int, error) {
	s, err := p.observe(t)
	if err != nil {
		return exitFail, err
	}
	status, what, hints := s.verdict(t)
	hints = append(hints, s.lastWords(status)...)
	if status == exitOK {
		hints = append(hints, p.switches(t)...)
	}
	if status != exitOK && (len(t.taken) > 0 || len(p.switches(t)) > 0) {
		plain := *t
		plain.bare, plain.own, plain.shared = true, false, false
		again, err := p.observe(&plain)
		if err != nil {
			return exitFail, err
		}
		if better, _, _ := again.verdict(&plain); better == exitOK {
			status, hints = exitFound, p.faults(t)
		}
	}
	p.tell(t, what, hints)
	return status, nil
}

// faults is what may be wrong with the user's config, without which all is well.
func (p *program) faults(t *trial) []string {
	out := append([]string{"the fault is in your own config: without it " + t.agent.Name + " obeys a denial"}, p.switches(t)...)
	if len(out) == 1 {
		out = append(out, lines(t.unasked)...)
	}
	return out
}

// switches are what in the user's config keeps the agent from asking hooks, always
// or, as a trial of one call need not show, about some calls.
func (p *program) switches(t *trial) []string {
	var out []string
	for _, s := range t.agent.SwitchedOff(t.user, p.variable) {
		out = append(out, s.String())
	}
	return out
}

// tell says what was seen, and what of the user's own config took part.
func (p *program) tell(t *trial, what string, more []string) {
	fmt.Fprintf(p.stdout, "fires: %s\n", what)
	for _, line := range more {
		fmt.Fprintf(p.stdout, "    %s\n", line)
	}
	if n := len(t.taken); n > 0 {
		more := ""
		if n > 2 {
			more = fmt.Sprintf(" and %d more", n-2)
		}
		fmt.Fprintf(p.stdout, "with what your own config says of hooks: %s%s\n", strings.Join(t.taken[:min(n, 2)], ", "), more)
	}
	if t.others > 0 {
		fmt.Fprintf(p.stdout, "    %s of it did not run here\n", count(t.others, "other hook"))
	}
	fmt.Fprintf(p.stdout, "your own config here: %s\n", p.bridgedBy(t.agent, t.user).words())
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

// play sets the stage, runs the client to its end and looks what it has left.
func (p *program) play(ctx context.Context, t *trial) (sighting, error) {
	ctx, cancel := context.WithTimeout(ctx, fireLimit)
	defer cancel()
	if err := p.prepare(ctx, t); err != nil {
		return sighting{}, err
	}
	cmd := t.command(ctx, append(slices.Clone(t.args(t)), "make the calls")...)
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
