package executor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"syscall"

	hook "github.com/run-hooks/run-hooks"
)

// A Job is one async handler that a run-hooks that will have ended by then hands
// to one of its own that stays.
type Job struct {
	Event   hook.EventName
	Payload hook.Object
	Handler hook.Handler
	Options Options
}

// supervise starts the supervisor with h as its job and does not wait for it. It
// is in a session of its own, so that it outlives the agent's call.
func supervise(ctx context.Context, ev *hook.Event, h *hook.Handler, o Options) Outcome {
	job := Job{Event: ev.Spec.Name, Payload: ev.Payload, Handler: *h, Options: o}
	job.Handler.Async, job.Handler.AsyncRewake, job.Options.Supervisor = false, false, nil
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // the payload must come out as it went in
	if err := enc.Encode(job); err != nil {
		return failed(ev, h, "could not be handed on: "+err.Error())
	}
	stdin, err := spooled(text.Bytes())
	if err != nil {
		return failed(ev, h, "could not be handed on: "+errorText(err))
	}
	defer stdin.Close()
	cmd := exec.Command(o.Supervisor[0], o.Supervisor[1:]...)
	cmd.Stdin, cmd.Env = stdin, o.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return failed(ev, h, "could not be started in the background: "+errorText(err))
	}
	_ = cmd.Process.Release()
	return Outcome{Handler: *h, Kind: Background}
}

// RunJob runs a Job as read from text, to its end.
func RunJob(ctx context.Context, text []byte) (Outcome, error) {
	var job Job
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&job); err != nil {
		return Outcome{}, fmt.Errorf("the job cannot be read: %w", err)
	}
	spec, ok := hook.Spec(job.Event)
	if !ok {
		return Outcome{}, fmt.Errorf("the job is for %q, which is no event", job.Event)
	}
	ev := &hook.Event{Spec: spec, Payload: job.Payload}
	return Run(ctx, ev, []hook.Handler{job.Handler}, job.Options)[0], nil
}
