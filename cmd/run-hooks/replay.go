package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// mapperPlace shortens the name.
type mapperPlace = mapper.Place

// maxPayload bounds what is read from stdin.
const maxPayload = 256 << 20

// A question is one event to ask the hooks about, from flags and stdin.
type question struct {
	event, tool, input, dir string
}

// flags declares the flags by which a question is put.
func (q *question) flags(fs *flag.FlagSet) {
	fs.StringVar(&q.event, "event", "", "")
	fs.StringVar(&q.tool, "tool", "", "")
	fs.StringVar(&q.input, "input", "", "")
	fs.StringVar(&q.dir, "dir", "", "")
}

// replay runs the hooks that apply here for one event in Claude's schema.
func (p *program) replay() (int, error) {
	var q question
	fs := flag.NewFlagSet("run-hooks", flag.ContinueOnError)
	q.flags(fs)
	format := fs.String("format", "", "")
	rest, err := parseFlags(fs, p.args)
	if err != nil {
		return exitUsage, err
	}
	if len(rest) > 0 {
		return exitUsage, usagef("unexpected argument %q", rest[0])
	}
	if *format == "" {
		*format = p.defaultFormat()
	}
	if err := oneOf("format", *format, "claude", "json", "text"); err != nil {
		return exitUsage, err
	}
	call, cfg, err := p.ask(q)
	if err != nil {
		return exitFail, err
	}
	p.warnOf(cfg)
	if cfg.Broken != "" {
		return exitFail, errors.New(cfg.Broken + "; nothing is run, as Claude Code does not start then")
	}
	o := p.executorOptions(cfg)
	o.Supervisor = []string{p.self, "supervise"}
	var all []firing // an agent that runs Claude's files itself may mean several calls by one
	for i := range call.Events {
		f := fire(p.life, cfg, &call.Events[i], o)
		if f.stopped {
			return exitFail, errStopped
		}
		all = append(all, f)
	}
	return p.answer(call, cfg, all, *format)
}

// defaultFormat is text for a person at a terminal, hook output for all else.
func (p *program) defaultFormat() string {
	if f, ok := p.stdout.(*os.File); ok && isTerminal(f) {
		return "text"
	}
	return "claude"
}

// isTerminal reports whether f is a character device other than /dev/null.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// ask reads the event that q and stdin put, and loads the config that applies.
func (p *program) ask(q question) (mapper.Call, *loader.Config, error) {
	if q.event != "" {
		if _, ok := hook.Spec(hook.EventName(q.event)); !ok {
			return mapper.Call{}, nil, usagef("--event %q is not an event of Claude Code; its events are PreToolUse, PostToolUse, …", q.event)
		}
	}
	native, err := p.payload(q)
	if err != nil {
		return mapper.Call{}, nil, err
	}
	start, exact := p.cwd, q.dir != ""
	if exact {
		start = p.absolute(q.dir)
		if info, err := os.Stat(start); err != nil || !info.IsDir() {
			return mapper.Call{}, nil, usagef("--dir %q is not a directory", q.dir)
		}
	}
	h := mapper.Claude()
	call, err := h.Decode(&h, native, p.place(start, q.event))
	if err != nil {
		return call, nil, err
	}
	if !exact && call.Dir != "" {
		start = call.Dir
	}
	o := p.loaderOptions(start, exact)
	o.Leave, o.LeaveTo = call.Runs, call.Host
	return call, loader.Load(o), nil
}

// payload reads stdin, unless it is a terminal, and puts the tool and input that
// flags give into it.
func (p *program) payload(q question) ([]byte, error) {
	var text []byte
	if f, ok := p.stdin.(*os.File); !ok || !isTerminal(f) {
		var err error
		if text, err = readAll(p.stdin); err != nil {
			return nil, err
		}
	}
	if q.tool == "" && q.input == "" {
		return text, nil
	}
	payload := hook.Object{}
	if len(trimmed(text)) > 0 {
		var err error
		if payload, err = hook.ParseObject(text); err != nil {
			return nil, fmt.Errorf("the payload is no JSON object: %w", err)
		}
	}
	if q.tool != "" {
		payload = payload.WithText("tool_name", q.tool)
	}
	return withInput(payload, q)
}

// withInput puts --input into the payload: as tool_input on an event with a
// tool, else field by field.
func withInput(payload hook.Object, q question) ([]byte, error) {
	if q.input == "" {
		return payload.JSON(), nil
	}
	input, err := hook.ParseObject([]byte(q.input))
	if err != nil {
		return nil, usagef("--input is no JSON object: %v", err)
	}
	if spec, ok := hook.Spec(hook.EventName(q.event)); q.tool != "" || ok && spec.Tool {
		return payload.With("tool_input", input.JSON()).JSON(), nil
	}
	for _, m := range input {
		payload = payload.With(m.Name, m.Value)
	}
	return payload.JSON(), nil
}

// readAll reads r to its end.
func readAll(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("stdin cannot be read: %w", err)
	case len(text) > maxPayload:
		return nil, fmt.Errorf("the payload is larger than %d bytes", maxPayload)
	}
	return text, nil
}

// warnOf tells what of the config files does not count.
func (p *program) warnOf(cfg *loader.Config) {
	if p.home == "" && p.configDir == "" {
		p.say.warnf("HOME is not set: the user's own hooks are not read")
	}
	for _, f := range cfg.Findings() {
		if f.Severity >= loader.Warning {
			p.say.warnf("%s: %s [%s]", f.Pos, f.Text(), f.Name)
		}
	}
}

// answer writes what became of a call in the format asked for.
func (p *program) answer(call mapper.Call, cfg *loader.Config, all []firing, format string) (int, error) {
	var ds []hook.Decision
	var reports []byte
	for _, f := range all {
		ds = append(ds, f.decision)
		text, err := reportAs(format, reportOf(cfg, f))
		if err != nil {
			return exitFail, err
		}
		reports = append(reports, text...)
	}
	h := mapper.Claude()
	r := h.Encode(&h, call, ds)
	if format != "claude" {
		r.Stdout, r.Stderr = reports, nil
		return p.write(r)
	}
	for _, d := range ds {
		for _, note := range d.Notes {
			p.say.warnf("%s", note)
		}
	}
	return p.write(r)
}

// reportAs words a report; there is none in the format of a hook's output.
func reportAs(format string, r report) ([]byte, error) {
	switch format {
	case "json":
		return marshal(r)
	case "text":
		return textOf(r), nil
	}
	return nil, nil
}

// write sends out a dialect's answer.
func (p *program) write(r mapper.Response) (int, error) {
	if _, err := p.stdout.Write(r.Stdout); err != nil {
		return exitFail, fmt.Errorf("the answer cannot be written: %w", err)
	}
	if _, err := p.say.w.Write(r.Stderr); err != nil {
		return exitFail, err
	}
	return r.Exit, nil
}
