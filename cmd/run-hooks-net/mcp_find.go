package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	hook "github.com/run-hooks/run-hooks"
)

// findServer returns the config of the job's server. managed-mcp.json, where it
// exists, is the only place that is read; else the project's entry in the user's
// .claude.json prevails over .mcp.json of the project, which must be approved,
// and that over the user's own servers. The settings can forbid any of them.
func findServer(job mcpJob, managed string) (server, error) {
	var none server
	rules, err := readRules(job, managed)
	if err != nil {
		return none, err
	}
	raw, origin, err := rules.lookFor(job, managed)
	if err != nil {
		return none, err
	}
	if origin == fromProject {
		if err := rules.approves(job.Server); err != nil {
			return none, err
		}
	}
	s, err := parseServer(raw, os.LookupEnv)
	if err != nil {
		return none, fmt.Errorf("server %q %w", job.Server, err)
	}
	return s, rules.permit(job.Server, s)
}

// An origin is where a server is configured.
type origin int

const (
	fromManaged origin = iota
	fromUser
	fromProject
)

// lookFor finds the config of the job's server.
func (r rules) lookFor(job mcpJob, managed string) (json.RawMessage, origin, error) {
	own, exists, err := readObject(filepath.Join(managed, "managed-mcp.json"))
	if err != nil {
		return nil, 0, fmt.Errorf("managed-mcp.json %w", err)
	}
	if exists {
		if raw, ok := member(own, "mcpServers", job.Server); ok {
			return raw, fromManaged, nil
		}
		return nil, 0, fmt.Errorf("server %q is not one of managed-mcp.json, and no others may be used here", job.Server)
	}
	if raw, ok := member(r.state, "projects", job.Project, "mcpServers", job.Server); ok {
		return raw, fromUser, nil
	}
	shared, _, err := readObject(filepath.Join(job.Project, ".mcp.json"))
	if err != nil {
		return nil, 0, fmt.Errorf(".mcp.json %w", err)
	}
	if raw, ok := member(shared, "mcpServers", job.Server); ok {
		return raw, fromProject, nil
	}
	if raw, ok := member(r.state, "mcpServers", job.Server); ok {
		return raw, fromUser, nil
	}
	return nil, 0, fmt.Errorf("no server %q is configured, neither in .mcp.json nor in the user's .claude.json", job.Server)
}

// statePath is the file in which Claude Code keeps the user's own servers.
func (job mcpJob) statePath() string {
	if job.ConfigDir != "" {
		return filepath.Join(job.ConfigDir, ".claude.json")
	}
	return filepath.Join(job.Home, ".claude.json")
}

// maxConfig bounds a config file, in bytes.
const maxConfig = 64 << 20

// readObject reads a JSON file; one that does not exist is no error. The error
// goes on from the file's name and quotes nothing.
func readObject(path string) (o hook.Object, exists bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, errors.New("cannot be read")
	case !info.Mode().IsRegular() || info.Size() > maxConfig:
		return nil, false, errors.New("cannot be read: it is no file of a reasonable size")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, false, errors.New("cannot be read")
	}
	if o, err = hook.ParseObject(bytes.TrimPrefix(text, []byte("\ufeff"))); err != nil {
		return nil, false, errors.New("is not a JSON object")
	}
	return o, true, nil
}

// member returns the value at a path of names.
func member(o hook.Object, path ...string) (json.RawMessage, bool) {
	value, ok := o.Get(path[0])
	if !ok || len(path) == 1 {
		return value, ok
	}
	inner, err := hook.ParseObject(value)
	if err != nil {
		return nil, false
	}
	return member(inner, path[1:]...)
}
