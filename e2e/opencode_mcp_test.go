package e2e

import (
	"path/filepath"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// The servers that an editor gives a session are in no config: a guard of a tool
// of one holds.
func TestOpenCodeMCPOfEditor(t *testing.T) {
	tool := func(x string) fakemodel.Turn { return call("my_srv_do_it", map[string]any{"x": x}) }
	l := newLab(t, `{"PreToolUse":[{"matcher":"mcp__my_srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		tool("bad"), say("one"), tool("good"))
	l.script("mcp.sh", mcpServer)
	p := l.launch(nil, "acp")
	session := l.acpSession(p, map[string]any{"name": "my srv", "command": filepath.Join(l.project, "mcp.sh"), "args": []any{}, "env": []any{}})
	l.acpPrompt(p, 3, session, "go")
	l.contains("the result", l.toolResult("1", 2), "not this one")
	if l.exists("called") {
		t.Error("the tool was called")
	}
	l.acpPrompt(p, 4, session, "go")
	l.contains("the result of the other call", l.toolResult("2", 4), "it is done")
}

// resourceServer is an MCP server with resources, each of which holds its address.
const resourceServer = `while read -r line; do
	case $line in
	*'"initialize"'*) result='{"protocolVersion":"2024-11-05","capabilities":{"resources":{}},"serverInfo":{"name":"s","version":"1"}}' ;;
	*'"resources/list"'*) result='{"resources":[{"uri":"lab://secret","name":"s"},{"uri":"lab://public","name":"p"}]}' ;;
	*'"resources/templates/list"'*) result='{"resourceTemplates":[]}' ;;
	*'"resources/read"'*) uri=$(printf '%s' "$line" | sed 's/.*"uri":"\([^"]*\)".*/\1/'); result="{\"contents\":[{\"uri\":\"$uri\",\"text\":\"this is $uri\"}]}" ;;
	*) continue ;;
	esac
	id=$(printf '%s' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
	echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":$result}"
done
`

// OpenCode reads which resource is wanted before it asks its hooks: one that
// wants another does not see the first one read in its name.
func TestOpenCodeResourceRewrite(t *testing.T) {
	read := func(uri string) fakemodel.Turn {
		return call("read_mcp_resource", map[string]any{"server": "lab", "uri": uri})
	}
	l := newLab(t, hooks(map[string]string{"PreToolUse:ReadMcpResourceTool": `if grep -q secret; then ` + says(hook.PreToolUse, `"updatedInput":{"server":"lab","uri":"lab://public"}`) + `; fi`}),
		read("lab://secret"), read("lab://public"))
	l.script("mcp.sh", resourceServer)
	l.config(map[string]any{"mcp": map[string]any{"lab": map[string]any{"type": "local", "command": []string{filepath.Join(l.project, "mcp.sh")}}}})
	l.run("go")
	refused := l.toolResult("1", 2)
	l.lacks("the result", refused, "this is lab://secret")
	l.contains("the result", refused, "wants another input")
	l.contains("the result of what it wants", l.toolResult("2", 3), "this is lab://public")
}

// The server has sessions of OpenCode 2's kind too, of whose calls no plugin is
// told: they have no tools, whatever the user's own agents are permitted.
func TestOpenCodeServeSecondKind(t *testing.T) {
	l := newLab(t, guard, bash("touch made.txt"), say("understood"))
	l.script(".claude/hooks/guard.sh", refuses("no"))
	l.config(map[string]any{"agent": map[string]any{"mine": map[string]any{"mode": "primary", "permission": map[string]any{"bash": "allow"}}}})
	s := l.serve()
	created, _ := s.call("POST", "/api/session", `{"agent":"mine","location":{"directory":"`+l.project+`"},"model":{"providerID":"lab","id":"lab-model"}}`).Get("data")
	session, err := hook.ParseObject(created)
	if err != nil {
		t.Fatal(err)
	}
	s.call("POST", "/api/session/"+text(session, "id")+"/prompt", `{"prompt":{"text":"go"}}`)
	l.untilAsked(2)
	if tools := l.request(1).Tools; len(tools) > 0 || l.exists("made.txt") {
		t.Errorf("there are tools: %v; made.txt is there: %v", tools, l.exists("made.txt"))
	}
	l.contains("the request", l.request(1).All(), "hooks cannot check the tool calls of this session")
}
