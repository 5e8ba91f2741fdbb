//go:build unix

package conformance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// A rpcRequest is a request of JSON-RPC; a notification has no ID.
type rpcRequest struct {
	ID     json.RawMessage
	Method string
	Params json.RawMessage
}

// A rpcReply is a reply to it: a result or an error.
type rpcReply struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// The codes of JSON-RPC.
const (
	noSuchMethod  = -32601
	invalidParams = -32602
)

// echoTools are the tools of the MCP server: echo answers MCP-echo:TEXT, json
// answers TEXT, fail answers with an error.
func echoTools() []string { return []string{"echo", "json", "fail"} }

// echoAndExit is the program mcp_echo: an MCP server on stdin and stdout. It writes
// every call of a tool into rec/mcp_calls.jsonl of the scratch directory, which is
// the parent of the folder its file lies in.
func echoAndExit(self string) {
	calls := filepath.Join(filepath.Dir(filepath.Dir(self)), "rec", "mcp_calls.jsonl")
	if err := echo(os.Stdin, os.Stdout, calls); err != nil {
		fmt.Fprintln(os.Stderr, "mcp_echo:", err)
		syscall.Exit(1)
	}
	// Not os.Exit: it waits for the race detector's reports.
	syscall.Exit(0)
}

// echo answers requests, one a line, until in ends.
func echo(in io.Reader, out io.Writer, calls string) error {
	lines, replies := bufio.NewReader(in), json.NewEncoder(out)
	for {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var r rpcRequest
		if json.Unmarshal(text, &r) != nil || r.ID == nil {
			continue
		}
		if err := replies.Encode(r.reply(calls)); err != nil {
			return err
		}
	}
}

func (r *rpcRequest) reply(calls string) rpcReply {
	reply := rpcReply{Version: "2.0", ID: r.ID}
	var err error
	switch r.Method {
	case "initialize":
		reply.Result, err = r.initialize()
	case "tools/list":
		reply.Result = map[string]any{"tools": describeTools()}
	case "tools/call":
		reply.Result, err = r.call(calls)
	default:
		reply.Error = &rpcError{noSuchMethod, "no such method"}
	}
	if err != nil {
		reply.Result, reply.Error = nil, &rpcError{invalidParams, err.Error()}
	}
	return reply
}

// initialize agrees to the client's version of the protocol.
func (r *rpcRequest) initialize() (any, error) {
	var asks struct{ ProtocolVersion string }
	err := json.Unmarshal(r.Params, &asks)
	return map[string]any{
		"protocolVersion": asks.ProtocolVersion, "capabilities": map[string]any{"tools": struct{}{}},
		"serverInfo": map[string]any{"name": "echo", "version": "1"},
	}, err
}

func describeTools() (list []any) {
	text := map[string]any{"text": map[string]any{"type": "string"}}
	for _, name := range echoTools() {
		list = append(list, map[string]any{
			"name": name, "description": name, "inputSchema": map[string]any{"type": "object", "properties": text},
		})
	}
	return list
}

// call writes a call down, as Python prints it, and answers it.
func (r *rpcRequest) call(calls string) (any, error) {
	var asks struct {
		Name      string
		Arguments struct{ Text string }
	}
	printed, err := spaced.format(r.Params)
	if err := errors.Join(err, json.Unmarshal(r.Params, &asks)); err != nil {
		return nil, err
	}
	if err := appendTo(calls, printed+"\n"); err != nil {
		return nil, err
	}
	text := "MCP-" + asks.Name + ":" + asks.Arguments.Text
	if asks.Name == "json" {
		text = asks.Arguments.Text
	}
	return map[string]any{
		"content": []any{map[string]any{"type": "text", "text": text}},
		"isError": asks.Name == "fail" || !slices.Contains(echoTools(), asks.Name),
	}, nil
}
