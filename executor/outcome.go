package executor

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
)

// A Kind says how a handler ended.
type Kind string

const (
	OK         Kind = "ok"
	Block      Kind = "block"      // it refuses
	Failed     Kind = "error"      // it gave no usable answer
	TimedOut   Kind = "timeout"    // its limit passed; what it said is void
	Cancelled  Kind = "cancelled"  // another one's verdict ended the wait
	Background Kind = "background" // it goes on by itself
)

// An Outcome is what one handler made of the event.
type Outcome struct {
	Handler hook.Handler
	Index   int // of the handler among those given to Run
	Kind    Kind
	Exit    int           // exit status; 1 for death by a signal
	Took    time.Duration // from start to result
	Note    string        // for people: why it failed, or what of its answer was lost; "" if nothing

	Permission    hook.Permission
	Reason        string
	Halt          bool
	StopReason    string
	UpdatedInput  json.RawMessage
	UpdatedOutput json.RawMessage
	Context       string // additionalContext
	Plain         string // stdout, where it counts and is not JSON
	Message       string
	Extra         hook.Object

	// Later delivers the end of a handler in the background, once; nil otherwise.
	Later <-chan Outcome
}

// endsWait reports whether the outcome ends the wait for the others.
func (o *Outcome) endsWait(r hook.Race) bool {
	switch r {
	case hook.FirstVerdict:
		return o.Halt || o.Permission != hook.NoOpinion
	case hook.FirstHalt:
		return o.Halt
	}
	return false
}

// read makes an Outcome of how a handler's process ended (§6, §7): first the
// JSON on stdout, at any exit status, then exit status 2.
func read(ev *hook.Event, h *hook.Handler, x exit, o Options) Outcome {
	switch {
	case x.timedOut:
		return tooLate(ev, h, x, o)
	case x.cancelled:
		return Outcome{Handler: *h, Kind: Cancelled, Exit: x.code, Note: "another hook's verdict ended the wait"}
	case x.err != nil:
		return failed(ev, h, "could not be started: "+errorText(x.err))
	}
	out := Outcome{Handler: *h, Kind: OK, Exit: x.code}
	said := parseOutput(x.stdout, x.cut)
	if said.fault == "" && said.object != nil {
		said.fault = out.apply(ev, h, said)
	}
	if said.fault != "" {
		out = Outcome{Handler: *h, Kind: Failed, Exit: x.code, Note: said.fault}
	}
	out.applyPlain(ev, h, said)
	out.applyExit(ev, h, x, said)
	out.shorten(ev, h, o)
	return out
}

// tooLate is the outcome of a handler whose limit passed: no verdict (§0.4), but on
// PreModelSwitch a refusal (reference §4.6).
func tooLate(ev *hook.Event, h *hook.Handler, x exit, o Options) Outcome {
	out := failed(ev, h, fmt.Sprintf("timed out after %v", limit(ev, h, o)))
	out.Exit = x.code
	switch {
	case ev.Spec.Grammar == hook.Switches:
		out.refuse(h, fmt.Sprintf("[%s]: timed out", h.Label()))
	case out.Kind == Failed:
		out.Kind = TimedOut
	}
	if x.err != nil {
		out.Note += ", and " + errorText(x.err)
	}
	return out
}

// applyPlain takes stdout that is not JSON for what it means on the event, at
// exit status 0.
func (out *Outcome) applyPlain(ev *hook.Event, h *hook.Handler, said output) {
	if out.Exit != 0 || said.fault != "" || h.Type != hook.Command && said.object == nil {
		return
	}
	switch ev.Spec.Plain {
	case hook.PlainContext:
		if said.object == nil {
			out.Plain = said.text
		}
	case hook.PlainInstructions: // valid hook JSON too, unless it blocks (§7.2)
		if out.Permission == hook.NoOpinion {
			out.Plain = said.text
		}
	case hook.PlainPath:
		if said.object == nil {
			out.Extra = worktreePath(said.text)
		}
	}
}

// applyExit lets the exit status count: 2 refuses wherever something can be
// refused; where a hook must succeed any but 0 does. Other failures are told.
func (out *Outcome) applyExit(ev *hook.Event, h *hook.Handler, x exit, said output) {
	grammar := ev.Spec.Grammar
	mustSucceed := grammar == hook.MustSucceed && (x.code != 0 || out.Kind == Failed)
	refuses := x.code == 2 && grammar != hook.Observes && grammar != hook.Answers
	switch {
	case mustSucceed, refuses:
		if out.Permission != hook.Deny || grammar == hook.Declines {
			out.refuse(h, exitText(ev, h, x))
		}
		if grammar == hook.Declines {
			out.Extra = hook.Object{{Name: "action", Value: hook.Quote("decline")}}
		}
		out.Kind = Block
	case said.object != nil && said.fault == "": // JSON decides alone
	case x.signal != "":
		out.fail(ev, h, "was killed by "+x.signal)
	case x.code != 0:
		out.fail(ev, h, fmt.Sprintf("failed with exit status %d%s", x.code, firstLine(x.stderr)))
	case out.Kind == Failed:
		out.fail(ev, h, out.Note)
	case said.half != "" && h.FailClosed:
		out.fail(ev, h, said.half)
	case said.half != "":
		out.Note = said.half // still plain text, as measured (§7.1)
	}
}

// refuse makes the outcome a refusal with reason.
func (out *Outcome) refuse(h *hook.Handler, reason string) {
	out.Kind, out.Permission, out.Reason = Block, hook.Deny, reason
}

// failed is the outcome of a handler that gave no usable answer, for why.
func failed(ev *hook.Event, h *hook.Handler, why string) Outcome {
	out := Outcome{Handler: *h, Exit: -1}
	out.fail(ev, h, why)
	return out
}

// fail makes the outcome a failure: nothing comes of it, unless the handler is
// to fail closed (reference §4.2) and the event can be refused.
func (out *Outcome) fail(ev *hook.Event, h *hook.Handler, why string) {
	out.Kind, out.Note = Failed, why
	grammar := ev.Spec.Grammar
	switch {
	case grammar == hook.MustSucceed:
		out.refuse(h, h.Label()+": "+why)
	case !h.FailClosed || ev.Spec.Unblocked || background(h):
	case grammar == hook.Observes || grammar == hook.Answers:
	default:
		out.refuse(h, fmt.Sprintf("[%s]: %s; the hook is configured to block when it fails", h.Label(), why))
	}
}

// inBackground is the outcome of a handler that goes on by itself.
func inBackground(ev *hook.Event, h *hook.Handler, later <-chan exit) Outcome {
	end := make(chan Outcome, 1)
	go func() { end <- readLate(ev, h, <-later) }()
	return Outcome{Handler: *h, Kind: Background, Later: end}
}

// readLate reads the end of a handler in the background: of its JSON only
// additionalContext and systemMessage count, for the model; exit status 2 of one
// that may wake the model hands over its stderr (§10.3).
func readLate(ev *hook.Event, h *hook.Handler, x exit) Outcome {
	out := Outcome{Handler: *h, Kind: OK, Exit: x.code}
	if x.err != nil || x.timedOut || x.cancelled {
		out.Kind, out.Note = Failed, "did not come to its end in the background"
		return out
	}
	if x.code == 2 && h.AsyncRewake {
		out.Kind, out.Context = Block, strings.TrimSpace(string(x.stderr))
		return out
	}
	text := x.stdout
	if line, rest, ok := strings.Cut(string(text), "\n"); ok && announcesAsync([]byte(line)) {
		text = []byte(rest)
	}
	said := parseOutput(text, x.cut)
	out.Context = hook.Text(member(said.specific(), "additionalContext"))
	out.Message = hook.Text(member(said.object, "systemMessage"))
	return out
}

// exitText is the text for exit status 2 (§6.1): the command as configured and
// stderr as it is. PreCompact trims it.
func exitText(ev *hook.Event, h *hook.Handler, x exit) string {
	stderr := decoded(x.stderr)
	switch {
	case ev.Spec.Grammar == hook.MustSucceed:
		return h.Label() + ": " + stderr
	case ev.Spec.Plain == hook.PlainInstructions:
		if stderr = strings.TrimSpace(stderr); stderr == "" {
			return "[" + h.Label() + "]"
		}
	case stderr == "":
		stderr = "No stderr output"
	}
	return "[" + h.Label() + "]: " + stderr
}

// firstLine returns ": " and the first line of text that is not blank, "" if
// there is none.
func firstLine(text []byte) string {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			return ": " + line
		}
	}
	return ""
}

// worktreePath takes the last line of text that is not blank, without ANSI
// colours, for the path of the new worktree (reference §1.3).
func worktreePath(text string) hook.Object {
	for _, line := range slices.Backward(strings.Split(text, "\n")) {
		if line = strings.TrimSpace(plainText(line)); line != "" {
			return hook.Object{{Name: "worktreePath", Value: hook.Quote(line)}}
		}
	}
	return nil
}

// plainText drops ANSI control sequences.
func plainText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '[' {
			for i += 2; i < len(s) && (s[i] < 0x40 || s[i] > 0x7e); i++ {
			}
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
