package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// rules are what the settings say about MCP servers, all files together.
type rules struct {
	state    hook.Object // the user's .claude.json
	enabled  []string    // enabledMcpjsonServers
	disabled []string    // disabledMcpjsonServers
	all      bool        // enableAllProjectMcpServers
	allowed  []pattern   // allowedMcpServers; nil: all are
	denied   []pattern   // deniedMcpServers
	plugins  bool        // strictPluginOnlyCustomization: only servers of plugins may be used
}

// A settingsFile is what one file says about MCP servers.
type settingsFile struct {
	Enabled     []string        `json:"enabledMcpjsonServers"`
	Disabled    []string        `json:"disabledMcpjsonServers"`
	All         bool            `json:"enableAllProjectMcpServers"`
	Allowed     []pattern       `json:"allowedMcpServers"`
	Denied      []pattern       `json:"deniedMcpServers"`
	ManagedOnly bool            `json:"allowManagedMcpServersOnly"`
	Plugins     json.RawMessage `json:"strictPluginOnlyCustomization"`
}

// readRules reads the settings that apply, and the user's state file. What comes
// with a project that is not known to be trusted approves nothing.
func readRules(job mcpJob, managed string) (rules, error) {
	var r rules
	var err error
	if r.state, _, err = readObject(job.statePath()); err != nil {
		return r, fmt.Errorf("the user's .claude.json %w", err)
	}
	own, _ := member(r.state, "projects", job.Project)
	if err := r.add(own, hook.ScopeUser); err != nil {
		return r, fmt.Errorf("the user's .claude.json %w", err)
	}
	cfg := loader.Load(loader.Options{Home: job.Home, ConfigDir: job.settingsDir(), Start: job.Project, Exact: true, Managed: managed, Untrusted: !job.Trusted})
	for _, f := range cfg.Files {
		if f.Status == loader.Rejected || f.Status == loader.Untrusted {
			continue
		}
		if f.Scope == hook.ScopePlugin || f.Scope == hook.ScopeCodex || f.Scope == hook.ScopeOpenCode {
			continue
		}
		doc, err := loader.ReadDocument(f.Path, f.Name)
		if err != nil {
			return r, fmt.Errorf("%s cannot be read", f.Name)
		}
		if err := r.add(doc.Text(), f.Scope); err != nil {
			return r, fmt.Errorf("%s %w", f.Name, err)
		}
	}
	return r, nil
}

// settingsDir is the directory of the user's settings; "" if there is none.
func (job mcpJob) settingsDir() string {
	if job.ConfigDir != "" || job.Home == "" {
		return job.ConfigDir
	}
	return filepath.Join(job.Home, ".claude")
}

// add takes in what one file says. Files come in the order of precedence, the
// managed ones last: allowManagedMcpServersOnly drops the lists before.
func (r *rules) add(text []byte, scope hook.Scope) error {
	var f settingsFile
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return errors.New("says something about MCP servers that cannot be read")
	}
	managed := scope == hook.ScopeManaged
	if managed && f.ManagedOnly {
		r.allowed = []pattern{}
	}
	if f.Allowed != nil {
		r.allowed = append(append([]pattern{}, r.allowed...), f.Allowed...)
	}
	r.enabled, r.disabled = append(r.enabled, f.Enabled...), append(r.disabled, f.Disabled...)
	r.denied = append(r.denied, f.Denied...)
	r.all = r.all || f.All
	r.plugins = r.plugins || managed && pluginsOnly(f.Plugins)
	return nil
}

// pluginsOnly reports whether strictPluginOnlyCustomization is true or names mcp.
func pluginsOnly(raw json.RawMessage) bool {
	var kinds []string
	return string(raw) == "true" || json.Unmarshal(raw, &kinds) == nil && slices.Contains(kinds, "mcp")
}

// approves reports as an error that a server of .mcp.json may not be used: it
// must be approved, and a refusal prevails.
func (r rules) approves(name string) error {
	switch {
	case slices.Contains(r.disabled, name):
		return fmt.Errorf("server %q of .mcp.json is switched off by disabledMcpjsonServers", name)
	case !r.all && !slices.Contains(r.enabled, name):
		return fmt.Errorf("server %q of .mcp.json is not approved: name it in enabledMcpjsonServers of the settings", name)
	}
	return nil
}

// A pattern is an entry of allowedMcpServers or deniedMcpServers; one of its
// members is given.
type pattern struct {
	Name    string   `json:"serverName"`
	Command []string `json:"serverCommand"` // program and arguments, all of them
	URL     string   `json:"serverUrl"`     // with * for any text
}

// matches reports whether the pattern is about the server.
func (p pattern) matches(name string, s server) bool {
	switch {
	case p.Name != "":
		return p.Name == name
	case p.Command != nil:
		return s.URL == "" && slices.Equal(p.Command, append([]string{s.Command}, s.Args...))
	}
	target, err := parseTarget(s.URL)
	return p.URL != "" && err == nil && listed([]string{p.URL}, target)
}

// permit reports as an error that the server may not be used. A denial prevails.
// Where the list of those allowed names commands, a server that is started must
// be one of them, and so with URLs: a name says nothing of what it stands for.
func (r rules) permit(name string, s server) error {
	is := func(p pattern) bool { return p.matches(name, s) }
	switch {
	case r.plugins:
		return fmt.Errorf("server %q may not be used: strictPluginOnlyCustomization allows servers of plugins alone", name)
	case slices.ContainsFunc(r.denied, is):
		return fmt.Errorf("server %q is refused by deniedMcpServers", name)
	case r.allowed == nil:
		return nil
	}
	strict := slices.ContainsFunc(r.allowed, func(p pattern) bool {
		return s.URL == "" && p.Command != nil || s.URL != "" && p.URL != ""
	})
	if !slices.ContainsFunc(r.allowed, func(p pattern) bool { return is(p) && (!strict || p.Name == "") }) {
		return fmt.Errorf("server %q is not one of allowedMcpServers", name)
	}
	return nil
}
