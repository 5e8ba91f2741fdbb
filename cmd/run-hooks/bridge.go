package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// A bridge answers native events of one harness.
type bridge struct {
	*program
	harness  mapper.Harness
	failOpen bool
	all      bool   // run also the hooks that the agent runs itself
	event    string // native event given on the command line
	resident bool

	mu      sync.Mutex
	configs map[string]cached   // by start directory
	late    map[string][]string // by session: what hooks in the background said
	told    map[string]string   // by session: the problems it was told of
	exports map[string]exported // by session: what its hooks have set for the shell

	written map[string]string // by transcript: the UUID of its last line; read and written in order, without mu
}

// cached is a loaded config and what its files looked like then.
type cached struct {
	config *loader.Config
	print  string
}

// bridge answers one native event on stdin.
func (p *program) bridge(ctx context.Context) (int, error) {
	b, err := p.newBridge("bridge")
	if err != nil {
		return exitUsage, err
	}
	native, err := readAll(p.stdin)
	if err != nil {
		return p.write(b.refuse(b.cwd, "", err))
	}
	if request, err := hook.ParseObject(native); err == nil {
		if answer := b.ownAnswer(ctx, request); answer != nil {
			return p.write(mapper.Response{Stdout: answer})
		}
	}
	return p.write(b.respond(ctx, native))
}

// newBridge reads the arguments of bridge and serve.
func (p *program) newBridge(command string) (*bridge, error) {
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	event := fs.String("event", "", "")
	open := fs.Bool("fail-open", false, "")
	all := fs.Bool("all", false, "")
	rest, err := parseFlags(fs, p.args)
	if err != nil {
		return nil, err
	}
	if len(rest) != 1 {
		return nil, usagef("%s takes the name of one harness: %s", command, harnessNames())
	}
	h, err := harnessNamed(rest[0])
	if err != nil {
		return nil, err
	}
	return &bridge{program: p, harness: h, failOpen: *open, all: *all, event: *event, configs: map[string]cached{}, late: map[string][]string{}, told: map[string]string{}, exports: map[string]exported{}, written: map[string]string{}}, nil
}

// harnessNamed returns the harness of that name.
func harnessNamed(name string) (mapper.Harness, error) {
	all := mapper.Harnesses()
	i := slices.IndexFunc(all, func(h mapper.Harness) bool { return h.Name == name })
	if i < 0 {
		return mapper.Harness{}, usagef("there is no harness %q; there are %s", name, harnessNames())
	}
	return all[i], nil
}

// harnessNames lists the harnesses for messages.
func harnessNames() string {
	text := ""
	for _, h := range mapper.Harnesses() {
		text += ", " + h.Name
	}
	return text[2:]
}

// respond answers one native event. Whatever goes wrong on the way, a panic
// too, ends in a refusal where guards are configured.
func (b *bridge) respond(ctx context.Context, native []byte) (r mapper.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			r = b.refuse(b.cwd, b.event, fmt.Errorf("internal error: %v", cause))
		}
	}()
	m := b.memory(native)
	call, err := b.decode(native, m)
	if err != nil {
		return b.refuse(call.Dir, call.Native, err)
	}
	var ds []hook.Decision
	if len(call.Events) > 0 {
		cfg := b.configFor(call.Dir, b.left(call))
		if cfg.Broken != "" {
			return b.refuse(call.Dir, call.Native, errors.New(cfg.Broken))
		}
		if ds = b.decide(ctx, cfg, call.Events); ctx.Err() != nil {
			return b.refuse(call.Dir, call.Native, errStopped)
		}
	}
	if r, err = b.encode(call, ds, m); err != nil {
		return b.refuse(call.Dir, call.Native, err)
	}
	return r
}

// decode reads a native event, with what the harness remembers of its session.
func (b *bridge) decode(native []byte, m memory) (call mapper.Call, err error) {
	place := b.place(b.cwd, b.event)
	kept := m.update(func(known hook.Object) hook.Object {
		place.Memory = known
		call, err = b.harness.Decode(&b.harness, native, place)
		return call.Memory
	})
	return call, errors.Join(err, kept)
}

// encode words the answer, and keeps what the harness is to remember.
func (b *bridge) encode(call mapper.Call, ds []hook.Decision, m memory) (r mapper.Response, err error) {
	err = m.update(func(known hook.Object) hook.Object {
		call.Memory = known
		r = b.harness.Encode(&b.harness, call, ds)
		return r.Memory
	})
	return r, err
}

// decide fires the events of one call: several of one kind at once, as the calls
// they stand for would be, others one after the other.
func (b *bridge) decide(ctx context.Context, cfg *loader.Config, events []hook.Event) []hook.Decision {
	o := b.executorOptions(cfg)
	if !b.resident {
		o.Supervisor = []string{b.self, "supervise"}
	}
	ds := make([]hook.Decision, len(events))
	var group sync.WaitGroup
	for i := range events {
		one := func() { ds[i] = b.decideOne(ctx, cfg, &events[i], o) }
		if events[i].Spec.Name == events[0].Spec.Name {
			group.Go(one)
			continue
		}
		group.Wait()
		one()
	}
	group.Wait()
	return ds
}

// decideOne fires one event. What went wrong with a hook is told to the user:
// a guard that failed has not guarded.
func (b *bridge) decideOne(ctx context.Context, cfg *loader.Config, ev *hook.Event, o executor.Options) (d hook.Decision) {
	defer func() {
		if cause := recover(); cause != nil {
			d = hook.Decision{Permission: hook.Deny, Reason: fmt.Sprintf("run-hooks: internal error: %v", cause)}
		}
	}()
	if ev.Spec.Name == hook.FileChanged && b.harness.Name == "opencode" && !watched(cfg, ev.Subject()) {
		return d
	}
	f := fire(ctx, cfg, ev, o)
	d = f.decision
	for _, note := range d.Notes {
		d.Messages = append(d.Messages, "run-hooks: warning: "+note)
	}
	d.Messages = append(d.Messages, b.news(ev, cfg)...)
	b.keepLate(ev, f)
	if ev.Spec.Context && !b.failedAlone(d, ev) {
		d.Context = append(b.takeLate(ev), d.Context...)
	}
	return d
}

// news returns the problems of cfg that the user of ev's session has not been
// told of: all at its start, and again when a file that changed meanwhile brings
// others. A one-shot bridge remembers nothing and tells at the start alone.
func (b *bridge) news(ev *hook.Event, cfg *loader.Config) []string {
	all := problems(cfg)
	if !b.resident {
		if ev.Spec.Name == hook.SessionStart {
			return all
		}
		return nil
	}
	session, text := ev.String("session_id"), strings.Join(all, "\n")
	b.mu.Lock()
	defer b.mu.Unlock()
	if ev.Spec.Name == hook.SessionEnd {
		delete(b.told, session)
		delete(b.late, session)
	}
	if b.told[session] == text {
		return nil
	}
	b.told[session] = text
	return all
}

// failedAlone reports whether a block leaves no room for context.
func (b *bridge) failedAlone(d hook.Decision, ev *hook.Event) bool {
	return ev.Spec.Alone && d.Permission == hook.Deny
}

// keepLate remembers what hooks in the background say when they end, for the
// next event of the session that can carry it (§10.3). Only a resident bridge
// lives to hear it.
func (b *bridge) keepLate(ev *hook.Event, f firing) {
	session := ev.String("session_id")
	for _, o := range f.outcomes {
		if o.Later == nil {
			continue
		}
		go func() {
			end := <-o.Later
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, text := range []string{end.Context, end.Message} {
				if text != "" {
					b.late[session] = append(b.late[session], text)
				}
			}
		}()
	}
}

// takeLate returns what was kept for ev's session.
func (b *bridge) takeLate(ev *hook.Event) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	session := ev.String("session_id")
	texts := b.late[session]
	delete(b.late, session)
	return texts
}

// problems are the findings the user should see at the start of a session.
func problems(cfg *loader.Config) []string {
	var out []string
	if cfg.Broken != "" {
		out = append(out, "run-hooks: "+cfg.Broken)
	}
	for _, f := range cfg.Files {
		if f.Status == loader.Untrusted && f.Hooks > 0 {
			out = append(out, fmt.Sprintf("run-hooks: warning: the %d hooks of %s do not run: %s; if you trust its author, run: run-hooks trust %s", f.Hooks, f.Name, f.Why, cfg.Project))
		}
	}
	for _, f := range cfg.Findings() {
		if f.Severity == loader.Error {
			out = append(out, fmt.Sprintf("run-hooks: warning: %s: %s", f.Pos, f.Text()))
		}
	}
	return out
}

// config returns the config for a session started in dir. A resident bridge
// reads it again only when a file that counts has changed.
func (b *bridge) config(dir string) *loader.Config { return b.configFor(dir, b.left(mapper.Call{})) }

// A left is an agent and the scopes whose hooks it runs itself.
type left struct {
	to     string
	scopes []hook.Scope
}

// left returns what is left to the agent that a call is from.
func (b *bridge) left(c mapper.Call) left {
	switch {
	case b.all:
		return left{}
	case c.Host != "":
		return left{c.Host, c.Runs}
	}
	return left{b.harness.Name, b.harness.Runs}
}

// configFor is config with the hooks that are left to the agent.
func (b *bridge) configFor(dir string, l left) *loader.Config {
	if dir == "" {
		dir = b.cwd
	}
	o := b.loaderOptions(dir, false)
	o.OpenCode = b.harness.Name == "opencode"
	o.NoCodex = !b.all && slices.Contains(b.harness.Runs, hook.ScopeCodex)
	o.Leave, o.LeaveTo = l.scopes, l.to
	key := l.to + "\x00" + dir
	b.mu.Lock()
	defer b.mu.Unlock()
	print := loader.Fingerprint(o) + b.trustPrint()
	if c, ok := b.configs[key]; ok && c.print == print+c.config.Print() {
		return c.config
	}
	o.Untrusted = !b.trusts(o.Project())
	cfg := loader.Load(o)
	b.configs[key] = cached{cfg, print + cfg.Print()}
	return cfg
}

// refuse is the answer when run-hooks could not do its work: a refusal that says
// how to mend it where hooks are configured that could have refused, else a
// message.
func (b *bridge) refuse(dir, event string, cause error) mapper.Response {
	b.say.errorf("%v", cause)
	if b.failOpen || !guarded(b.configFor(dir, left{})) { // who asks may not be known
		return mapper.Response{}
	}
	return b.harness.Refuse(&b.harness, event, fmt.Sprintf("run-hooks could not ask the hooks that guard this repository: %v; mend that, or start the bridge with --fail-open to go on without them", cause))
}

// guarded reports whether some hook that is on can refuse something, or might
// be among what cannot be read.
func guarded(cfg *loader.Config) bool {
	if cfg.Broken != "" {
		return true
	}
	return slices.ContainsFunc(cfg.Handlers(), func(c loader.Choice) bool {
		spec, _ := hook.Spec(c.Handler.Event)
		return c.Run && spec.Grammar != hook.Observes
	})
}
