//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpServer returns a real MCP server: say answers with its text, fail says it
// failed, where tells of the process that it runs in.
func mcpServer() *mcp.Server {
	type args struct {
		Text string `json:"text,omitempty"`
	}
	answer := func(text string, failed bool) (*mcp.CallToolResult, any, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}, IsError: failed}, nil, nil
	}
	s := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	mcp.AddTool(s, &mcp.Tool{Name: "say"}, func(_ context.Context, _ *mcp.CallToolRequest, a args) (*mcp.CallToolResult, any, error) {
		return answer(a.Text, false)
	})
	mcp.AddTool(s, &mcp.Tool{Name: "fail"}, func(_ context.Context, _ *mcp.CallToolRequest, a args) (*mcp.CallToolResult, any, error) {
		return answer(a.Text, true)
	})
	mcp.AddTool(s, &mcp.Tool{Name: "where"}, func(_ context.Context, _ *mcp.CallToolRequest, a args) (*mcp.CallToolResult, any, error) {
		dir, _ := os.Getwd()
		reason := fmt.Sprintf("%s %v %s=%s", filepath.Base(dir), os.Args[2:], a.Text, os.Getenv(a.Text))
		text, _ := json.Marshal(map[string]string{"decision": "block", "reason": reason})
		return answer(string(text), false)
	})
	return s
}

// mcpOverHTTP serves mcpServer; key, if not empty, is wanted in the header X-Key.
func mcpOverHTTP(key string) http.Handler {
	inner := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return mcpServer() }, nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key != "" && r.Header.Get("X-Key") != key {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// serveMCP is the program mcp-server: an MCP server over stdio that behaves as
// its first argument says.
func serveMCP(how string) {
	switch how {
	case "good":
		_ = mcpServer().Run(context.Background(), &mcp.StdioTransport{})
	case "stays": // and leaves a child behind, which has a session of its own
		signal.Ignore(syscall.SIGTERM)
		child := exec.Command("sleep", "600")
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := child.Start(); err != nil {
			panic(err)
		}
		pids := fmt.Sprintf("%d,%d,", os.Getpid(), child.Process.Pid)
		if err := os.WriteFile(os.Getenv("PIDS"), []byte(pids), 0o644); err != nil {
			panic(err)
		}
		_ = mcpServer().Run(context.Background(), &mcp.StdioTransport{})
		select {}
	case "hangs":
		if err := os.WriteFile(os.Getenv("PIDS"), fmt.Appendf(nil, "%d,", os.Getpid()), 0o644); err != nil {
			panic(err)
		}
		signal.Ignore(syscall.SIGTERM)
		select {}
	case "dies":
		os.Exit(3)
	default:
		lie(how)
	}
}

// lie answers each request with something that is no good answer.
func lie(how string) {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var m struct {
			ID     json.RawMessage
			Method string
		}
		if json.Unmarshal(in.Bytes(), &m) != nil || m.ID == nil {
			continue
		}
		result := map[string]string{
			"initialize": `{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}`,
			"tools/list": `{"tools":[{"name":"say","inputSchema":{"type":"object"}}]}`,
		}[m.Method]
		switch {
		case result == "" && m.Method != "tools/call":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"s3cret"}}`+"\n", m.ID)
		case result != "":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":%s}`+"\n", m.ID, result)
		case how == "noise":
			fmt.Println("s3cret is no JSON")
		case how == "huge":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}`+"\n", m.ID, strings.Repeat("x", 2*maxBody))
		case how == "error":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":"s3cret"}}`+"\n", m.ID)
		case how == "shape":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":{"content":"s3cret"}}`+"\n", m.ID)
		case how == "vanishes":
			os.Exit(0)
		}
	}
}
