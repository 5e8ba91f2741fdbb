package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A server is what a config says about an MCP server, variables expanded.
type server struct {
	Type    string            `json:"type"` // stdio, http or streamable-http, sse; "": stdio
	Command string            `json:"command"`
	Args    []string          `json:"args"`
	Env     map[string]string `json:"env"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Helper  string            `json:"headersHelper"`
}

// errInput is what comes of a config that is not what it should be.
var errInput = errors.New("is not configured as a server should be")

// parseServer reads a server's config.
func parseServer(raw json.RawMessage, lookup func(string) (string, bool)) (server, error) {
	var s server
	if json.Unmarshal(raw, &s) != nil {
		return s, errInput
	}
	expand := func(text *string) { *text = expandVars(*text, lookup) }
	expand(&s.Command)
	expand(&s.URL)
	for i := range s.Args {
		expand(&s.Args[i])
	}
	for _, values := range []map[string]string{s.Env, s.Headers} {
		for name, value := range values {
			values[name] = expandVars(value, lookup)
		}
	}
	return s, nil
}

// A link is what a connection needs besides its transport.
type link struct {
	end    func()                 // must be called when it is no longer used
	broken string                 // what the end of the connection means, in words
	fault  atomic.Pointer[string] // why the last HTTP request failed, in words; nil: it did not
}

// transport returns the way to the server.
func (s server) transport(project string) (mcp.Transport, *link, error) {
	switch s.Type {
	case "", "stdio":
		if s.Command == "" {
			return nil, nil, errInput
		}
		return s.start(project)
	case "http", "streamable-http", "sse":
		return s.remote()
	}
	return nil, nil, errors.New("has a transport that is not known here: stdio, http and sse are")
}

// remote is transport for a server that is reached by HTTP.
func (s server) remote() (mcp.Transport, *link, error) {
	if s.Helper != "" {
		return nil, nil, errors.New("has a headersHelper, which run-hooks does not run")
	}
	target, err := parseTarget(s.URL)
	if err != nil {
		return nil, nil, err
	}
	if blockedHost(target.Hostname()) {
		return nil, nil, errBlocked
	}
	c := client()
	l := &link{end: func() {}, broken: "it did not give a valid answer"}
	c.Transport = headed{c.Transport, s.Headers, l}
	if s.Type == "sse" {
		return &mcp.SSEClientTransport{Endpoint: target.String(), HTTPClient: c}, l, nil
	}
	return &mcp.StreamableClientTransport{Endpoint: target.String(), HTTPClient: c, MaxRetries: -1, DisableStandaloneSSE: true}, l, nil
}

// headed is a transport that adds the configured headers to each request and
// tells the link of failures: the SDK's errors do not hold the status.
type headed struct {
	http.RoundTripper
	headers map[string]string
	link    *link
}

func (h headed) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, value := range h.headers {
		req.Header.Set(name, value)
	}
	resp, err := h.RoundTripper.RoundTrip(req)
	switch {
	case err != nil:
		h.link.note(words(err))
	case resp.StatusCode == http.StatusUnauthorized:
		h.link.note("it wants a login, which run-hooks does not do; configure a header for it")
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		h.link.note("it answered " + status(resp.StatusCode))
	default:
		h.link.fault.Store(nil)
	}
	return resp, err
}

func (l *link) note(fault string) { l.fault.Store(&fault) }

// words says in our own words what went wrong with a server; its own could hold
// what it was sent.
func (l *link) words(err error) string {
	var refused *jsonrpc.Error
	fault := l.fault.Load()
	switch {
	case fault != nil:
		return *fault
	case errors.As(err, &refused):
		return fmt.Sprintf("it answered with error %d", refused.Code)
	case errors.Is(err, mcp.ErrConnectionClosed), errors.Is(err, io.EOF):
		return l.broken
	}
	return "it did not give a valid answer"
}

// command is the server's process, not yet started: in the project directory and
// with this program's environment, its own variables added (as in the client).
// GOTRACEBACK was set for this program.
func (s server) command(project string) *exec.Cmd {
	cmd := exec.Command(s.Command, s.Args...)
	cmd.Dir = project
	cmd.Env = slices.DeleteFunc(os.Environ(), func(line string) bool { return strings.HasPrefix(line, "GOTRACEBACK=") })
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}
