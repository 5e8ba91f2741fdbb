package main

import (
	"fmt"
	"slices"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

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
