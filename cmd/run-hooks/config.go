package main

import (
	"slices"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// cached is a loaded config and what its files looked like then.
type cached struct {
	config *loader.Config
	print  string
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
