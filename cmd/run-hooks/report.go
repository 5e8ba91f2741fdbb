package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/loader"
)

// A report is what replay prints with --format json.
type report struct {
	Event         hook.EventName  `json:"event"`
	Subject       string          `json:"subject"`
	Decision      string          `json:"decision"`
	Reason        string          `json:"reason"`
	Continue      bool            `json:"continue"`
	StopReason    string          `json:"stopReason"`
	UpdatedInput  json.RawMessage `json:"updatedInput,omitempty"`
	UpdatedOutput json.RawMessage `json:"updatedOutput,omitempty"`
	Context       []string        `json:"context"`
	Messages      []string        `json:"messages"`
	Extra         json.RawMessage `json:"extra,omitempty"`
	Notes         []string        `json:"notes,omitempty"`
	Handlers      []handlerReport `json:"handlers"`
	Files         []fileReport    `json:"files"`
}

// A handlerReport is one handler of the event.
type handlerReport struct {
	Source  string           `json:"source"`
	Scope   hook.Scope       `json:"scope"`
	Type    hook.HandlerType `json:"type"`
	Command string           `json:"command"`
	Status  string           `json:"status"` // ran, skipped, duplicate, background
	Why     string           `json:"why"`
	Outcome executor.Kind    `json:"outcome,omitempty"`
	Exit    *int             `json:"exit,omitempty"`
	MS      *float64         `json:"ms,omitempty"`
	Note    string           `json:"note,omitempty"`
}

// A fileReport is one config file that was found.
type fileReport struct {
	Path   string        `json:"path"`
	Scope  hook.Scope    `json:"scope"`
	Status loader.Status `json:"status"`
	Why    string        `json:"why"`
}

// reportOf makes the report of a firing.
func reportOf(cfg *loader.Config, f firing) report {
	d := f.decision
	r := report{
		Event: f.event.Spec.Name, Subject: f.event.Subject(), Decision: d.Verdict(f.event.Spec.Grammar), Reason: d.Reason,
		Continue: !d.Halt, StopReason: d.StopReason, UpdatedInput: d.UpdatedInput, UpdatedOutput: d.UpdatedOutput,
		Context: append([]string{}, d.Context...), Messages: append([]string{}, d.Messages...), Notes: d.Notes,
		Handlers: []handlerReport{}, Files: []fileReport{},
	}
	if len(d.Extra) > 0 {
		r.Extra = d.Extra.JSON()
	}
	for i, c := range f.choices {
		r.Handlers = append(r.Handlers, handlerOf(c, f.outcomes[i]))
	}
	for _, file := range cfg.Files {
		r.Files = append(r.Files, fileReport{file.Name, file.Scope, file.Status, file.Why})
	}
	return r
}

// handlerOf reports one choice and what came of it; o is nil if it did not run.
func handlerOf(c loader.Choice, o *executor.Outcome) handlerReport {
	r := handlerReport{
		Source: c.Handler.Pos.String(), Scope: c.Handler.Scope, Type: c.Handler.Type,
		Command: c.Handler.Label(), Status: "skipped", Why: c.Why,
	}
	switch {
	case c.Duplicate:
		r.Status = "duplicate"
	case o == nil:
	case o.Kind == executor.Background:
		r.Status = "background"
	default:
		ms := math.Round(float64(o.Took)/float64(time.Millisecond)*10) / 10
		r.Status, r.Outcome, r.Exit, r.MS, r.Note = "ran", o.Kind, &o.Exit, &ms, o.Note
	}
	return r
}

// marshal is json.Marshal without the escaping of <, > and &.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// textOf is the report for people.
func textOf(r report) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s: %s\n", r.Event, prefixed(" ", r.Subject), verdictText(r))
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n            "))
		}
	}
	line("reason", r.Reason)
	if !r.Continue {
		line("stops", "the turn ends"+prefixed(": ", r.StopReason))
	}
	line("input", string(r.UpdatedInput))
	line("output", string(r.UpdatedOutput))
	for _, c := range r.Context {
		line("context", c)
	}
	for _, m := range r.Messages {
		line("message", m)
	}
	line("extra", string(r.Extra))
	for _, n := range r.Notes {
		line("note", n)
	}
	for _, h := range r.Handlers {
		fmt.Fprintf(&b, "  %-9s %s %s%s\n", h.Status, h.Source, h.Command, prefixed("\n            ", handlerText(h)))
	}
	for _, f := range r.Files {
		if f.Status != loader.Loaded {
			fmt.Fprintf(&b, "  %-9s %s%s\n", f.Status, f.Path, prefixed(": ", f.Why))
		}
	}
	if len(r.Handlers) == 0 {
		fmt.Fprintf(&b, "  no hook is configured for %s in %s\n", r.Event, count(len(r.Files), "config file"))
	}
	return b.Bytes()
}

// verdictText says what comes of the event.
func verdictText(r report) string {
	switch r.Decision {
	case "none":
		return "goes on"
	case "deny":
		return "denied"
	case "block":
		return "blocked"
	case "allow":
		return "allowed"
	case "ask":
		return "the user is asked"
	}
	return r.Decision
}

// handlerText says what one handler did, or why it did nothing.
func handlerText(h handlerReport) string {
	if h.Status != "ran" {
		return h.Why
	}
	text := fmt.Sprintf("%s, exit status %d, %.1f ms", h.Outcome, *h.Exit, *h.MS)
	return text + prefixed(", ", h.Note)
}

// prefixed returns prefix and text, "" if text is empty.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func trimmed(text []byte) []byte { return bytes.TrimSpace(text) }
