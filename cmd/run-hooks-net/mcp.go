package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	hook "github.com/run-hooks/run-hooks"
)

// An mcpJob is what the parent says about an mcp_tool handler (reference §4.1).
type mcpJob struct {
	Event     hook.EventName  `json:"event"` // not used here
	Server    string          `json:"server"`
	Tool      string          `json:"tool"`
	Input     json.RawMessage `json:"input"`     // object with ${path} in its texts; null: none
	Project   string          `json:"project"`   // absolute
	Home      string          `json:"home"`      // "": there is none
	ConfigDir string          `json:"configDir"` // CLAUDE_CONFIG_DIR, absolute; "": not set
	Trusted   bool            `json:"trusted"`   // the project's settings may approve its servers
}

// runMCP calls the tool on the server, which it starts or connects to, and
// returns the text of the result (§10.6): the parent reads it as a command's
// stdout. A result that is an error, a server that is not there and a tool that
// it does not list are errors. Nobody is asked to log in.
func runMCP(ctx context.Context, in input) ([]byte, error) {
	var job mcpJob
	if err := in.decode(&job); err != nil {
		return nil, err
	}
	s, err := findServer(job, hook.ManagedDir())
	if err != nil {
		return nil, err
	}
	text, err := s.use(ctx, job, in.event)
	if err != nil {
		return nil, fmt.Errorf("server %q: %w", job.Server, err)
	}
	return []byte(text), nil
}

// use connects to the server, calls the tool, and takes the connection down: when
// it returns, no process of a server that was started here is alive.
func (s server) use(ctx context.Context, job mcpJob, event []byte) (text string, err error) {
	args, err := fillInput(job.Input, event)
	if err != nil {
		return "", err
	}
	transport, link, err := s.transport(job.Project)
	if err != nil {
		return "", err
	}
	defer link.end()
	session, err := connect(ctx, transport, link)
	if err != nil {
		return "", err
	}
	defer hangUp(session)
	if err := lists(ctx, session, link, job.Tool); err != nil {
		return "", err
	}
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: job.Tool, Arguments: args})
	if err != nil {
		return "", fmt.Errorf("tool %q: %s", job.Tool, link.words(err))
	}
	if result.IsError {
		return "", fmt.Errorf("tool %q says that it failed", job.Tool)
	}
	return texts(result), nil
}

// connectLimit is how long a server may take to connect, unless MCP_TIMEOUT says
// otherwise in milliseconds (reference §4.4).
const connectLimit = 30 * time.Second

// connect opens a session. A server that is not there in time is left to itself
// in a goroutine: the SDK's Connect may wait longer than its context.
func connect(ctx context.Context, transport mcp.Transport, link *link) (*mcp.ClientSession, error) {
	limit := connectLimit
	if ms, err := strconv.Atoi(os.Getenv("MCP_TIMEOUT")); err == nil && ms > 0 {
		limit = time.Duration(ms) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "run-hooks", Version: version()}, &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}})
	var session *mcp.ClientSession
	done := make(chan error, 1)
	go func() {
		var err error
		session, err = client.Connect(ctx, transport, nil)
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil && ctx.Err() == nil {
			return nil, errors.New("cannot be connected to: " + link.words(err))
		}
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("did not answer within %v", limit)
	}
	return session, nil
}

// farewell is how long the end of a session may take.
const farewell = 300 * time.Millisecond

// hangUp ends a session with a server that was not started here. One that was is
// ended by its stdin: the SDK's Close would wait for its stdout.
func hangUp(session *mcp.ClientSession) {
	if session.ID() == "" {
		return
	}
	done := make(chan struct{})
	go func() {
		_ = session.Close()
		close(done)
	}()
	awaited(farewell, done)
}

// lists asks the server for its tools and reports as an error that name is not
// one of them: then it is not called (e10_mcptool_missing).
func lists(ctx context.Context, session *mcp.ClientSession, link *link, name string) error {
	for tool, err := range session.Tools(ctx, nil) {
		if err != nil {
			return errors.New("its tools cannot be listed: " + link.words(err))
		}
		if tool.Name == name {
			return nil
		}
	}
	return fmt.Errorf("has no tool %q", name)
}

// texts returns the text blocks of a result, one line break between them.
func texts(result *mcp.CallToolResult) string {
	var all []string
	for _, c := range result.Content {
		if text, ok := c.(*mcp.TextContent); ok {
			all = append(all, text.Text)
		}
	}
	return strings.Join(all, "\n")
}
