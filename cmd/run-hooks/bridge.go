package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/installer"
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

// bridge answers one native event on stdin.
func (p *program) bridge() (int, error) {
	b, err := p.newBridge("bridge")
	if err != nil {
		return exitUsage, err
	}
	native, err := readAll(p.stdin)
	if err != nil {
		return p.write(b.refuse(b.cwd, "", err))
	}
	if request, err := hook.ParseObject(native); err == nil {
		if answer := b.ownAnswer(request); answer != nil {
			return p.write(mapper.Response{Stdout: answer})
		}
	}
	r := b.respond(native)
	if len(r.Stdout) == 0 && b.harness.Name == "opencode" {
		r.Stdout = []byte("{}\n") // no answer at all is taken for a program that is none
	}
	return p.write(r)
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
	return &bridge{
		program: p, harness: h, failOpen: *open, all: *all, event: *event,
		configs: map[string]cached{}, late: map[string][]string{}, told: map[string]string{},
		exports: map[string]exported{}, written: map[string]string{},
	}, nil
}

// harnessNamed returns the harness of that name.
func harnessNamed(name string) (mapper.Harness, error) {
	all := mapper.Harnesses()
	i := slices.IndexFunc(all, func(h mapper.Harness) bool { return h.Name == name })
	if i >= 0 {
		return all[i], nil
	}
	for _, other := range installer.Others() {
		if other.Name == name {
			return mapper.Harness{}, usagef("there is no harness %q: %s", name, other.What)
		}
	}
	return mapper.Harness{}, usagef("there is no harness %q; there are %s", name, harnessNames())
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
func (b *bridge) respond(native []byte) (r mapper.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			r = b.refuse(b.cwd, b.event, fmt.Errorf("internal error: %v", cause))
		}
	}()
	m := b.memory(native)
	began := time.Now()
	call, err := b.decode(native, m)
	if err != nil {
		return b.refuse(call.Dir, call.Native, err)
	}
	if call.News {
		b.say.warnf("%s is no event of %s that this version knows: no hook runs for it; is its name right in the config, or is %s newer than docs/harnesses.md says?", strconv.Quote(call.Native), b.harness.Name, b.harness.Name)
	}
	defer b.inTurn(call, m)()
	var ds []hook.Decision
	if len(call.Events) > 0 {
		cfg := b.configFor(call.Dir, b.left(call))
		if cfg.Broken != "" {
			return b.refuse(call.Dir, call.Native, errors.New(cfg.Broken))
		}
		if why := b.blind(call, cfg); why != "" {
			return b.refuse(call.Dir, call.Native, errors.New(why))
		}
		if ds, err = b.decide(cfg, call); err != nil {
			return b.refuse(call.Dir, call.Native, err)
		}
		limit := b.patience(call)
		call.Late = limit > 0 && time.Since(began) >= limit
	}
	return b.encode(call, ds, m)
}

// decode reads a native event, with what the harness remembers of its session.
func (b *bridge) decode(native []byte, m memory) (call mapper.Call, err error) {
	place := b.place(b.cwd, b.event)
	b.tellForgotten(m.update(func(known hook.Object) hook.Object {
		place.Memory = known
		call, err = b.harness.Decode(&b.harness, native, place)
		return call.Memory
	}))
	return call, err
}

// encode words the answer, and keeps what the harness is to remember.
func (b *bridge) encode(call mapper.Call, ds []hook.Decision, m memory) (r mapper.Response) {
	b.tellForgotten(m.update(func(known hook.Object) hook.Object {
		call.Memory = known
		r = b.harness.Encode(&b.harness, call, ds)
		return r.Memory
	}))
	return r
}

// tellForgotten says that a session's memory is lost. What hooks decide does not
// hang on it, so it refuses nothing.
func (b *bridge) tellForgotten(err error) {
	if err != nil {
		b.say.warnf("%v: limits on repeated stops and texts kept for later do not work", err)
	}
}

// decide fires the events of one call: several of one kind at once, as the calls
// they stand for would be, others one after the other. An error means that hooks
// were stopped meanwhile: what was decided counts for nothing.
func (b *bridge) decide(cfg *loader.Config, call mapper.Call) ([]hook.Decision, error) {
	life, end := b.while(call)
	defer end()
	events := call.Events
	o := b.executorOptions(cfg)
	if !b.resident {
		o.Supervisor = []string{b.self, "supervise"}
	}
	ds := make([]hook.Decision, len(events))
	ends := make([]bool, len(events))
	var group sync.WaitGroup
	for i := range events {
		one := func() { ds[i], ends[i] = b.decideOne(life, cfg, &events[i], o) }
		if events[i].Spec.Name == events[0].Spec.Name {
			group.Go(one)
			continue
		}
		group.Wait()
		one()
	}
	group.Wait()
	switch {
	case !slices.Contains(ends, true):
		return ds, nil
	case b.life().Err() == nil:
		return nil, fmt.Errorf("%s waits %v for an answer, and the hooks took longer", b.harness.Name, b.patience(call))
	}
	return nil, errStopped
}

// patience is how long the agent waits for the answer to a call; 0 is for ever.
func (b *bridge) patience(call mapper.Call) time.Duration {
	if b.harness.Patience == nil {
		return 0
	}
	return time.Duration(b.harness.Patience(call.Native)) * time.Second
}

// while is how long the hooks of a call may run: as long as the program, but not
// so long that the agent does what it has asked for without an answer. Hooks that
// it does not ask are not cut short: they have work to do. As with the program's,
// signals are watched for only once a hook is run.
func (b *bridge) while(call mapper.Call) (life func() context.Context, end func()) {
	limit := b.patience(call)
	if limit == 0 || !call.Asks() {
		return b.life, func() {}
	}
	cancel := func() {} // nothing to end before a hook is run
	life = sync.OnceValue(func() (ctx context.Context) {
		ctx, cancel = context.WithTimeout(b.life(), limit-limit/12) // the agent has begun to count before
		return ctx
	})
	return life, func() { cancel() }
}

// decideOne fires one event. What went wrong with a hook is told to the user:
// a guard that failed has not guarded.
func (b *bridge) decideOne(life func() context.Context, cfg *loader.Config, ev *hook.Event, o executor.Options) (d hook.Decision, stopped bool) {
	defer func() {
		if cause := recover(); cause != nil {
			d = hook.Decision{Permission: hook.Deny, Reason: fmt.Sprintf("run-hooks: internal error: %v", cause)}
		}
	}()
	if ev.Spec.Name == hook.FileChanged && b.harness.Name == "opencode" && !watched(cfg, ev.Subject()) {
		return d, false
	}
	f := fire(life, cfg, ev, o)
	d = f.decision
	for _, note := range d.Notes {
		d.Messages = append(d.Messages, "run-hooks: warning: "+note)
	}
	d.Messages = append(d.Messages, b.news(ev, cfg)...)
	b.keepLate(ev, f)
	if ev.Spec.Context && !b.failedAlone(d, ev) {
		d.Context = append(b.takeLate(ev), d.Context...)
	}
	return d, f.stopped
}
