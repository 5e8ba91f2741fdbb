package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// install puts the bridge into an agent's own config, or takes it out.
func (p *program) install(context.Context) (int, error) {
	fs := flag.NewFlagSet("init", flag.ContinueOnError)
	global := fs.Bool("global", false, "")
	remove := fs.Bool("remove", false, "")
	dry := fs.Bool("dry-run", false, "")
	names, err := parseFlags(fs, p.args)
	if err != nil {
		return exitUsage, err
	}
	if len(names) != 1 || names[0] != "opencode" {
		return exitUsage, usagef("init takes the name of one harness: opencode")
	}
	project := loader.Project(p.cwd)
	plan, err := installer.OpenCode(installer.Options{
		Home: p.home, ConfigHome: getenv(p.env, "XDG_CONFIG_HOME"), Project: project,
		Global: *global, Remove: *remove, Program: p.self, Plugin: opencode.Plugin,
	})
	if err != nil {
		return exitFail, err
	}
	fmt.Fprint(p.stdout, plan)
	if *dry {
		fmt.Fprintln(p.stdout, "nothing was changed")
		return exitOK, nil
	}
	if err := plan.Apply(); err != nil {
		return exitFail, err
	}
	if *remove {
		fmt.Fprintln(p.stdout, done(len(plan), "run-hooks is no longer bridged to opencode", "run-hooks was not bridged to opencode"))
		return exitOK, nil
	}
	return p.installed(plan, project, *global)
}

// installed says what there is now, and trusts the project one is in: who puts
// the bridge into a project has asked for its hooks to run.
func (p *program) installed(plan installer.Plan, project string, global bool) (int, error) {
	fmt.Fprintln(p.stdout, done(len(plan), "run-hooks is bridged to opencode", "run-hooks was bridged to opencode already"))
	if !global {
		if err := p.trustStore().Trust(project); err != nil {
			return exitFail, err
		}
		fmt.Fprintf(p.stdout, "trusted %s: its hooks run under every bridged agent\n", project)
	}
	if len(plan) > 0 {
		p.say.hintf("opencode fetches a package of its own at its first start with a plugin; that start takes longer")
	}
	return exitOK, nil
}

// done chooses between what was done and what was so already.
func done(steps int, did, was string) string {
	if steps > 0 {
		return did
	}
	return was
}
