package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExpandVars: ${NAME} and ${NAME:-default} are replaced, no other form is.
func TestExpandVars(t *testing.T) {
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"A": "a", "EMPTY": "", "REF": "${A}"}[name]
		return value, ok
	}
	tests := []struct{ text, want string }{
		{"", ""}, {"x", "x"}, {"${A}", "a"}, {"<${A}${A}>", "<aa>"},
		{"${A:-d}", "a"}, {"${NO:-d}", "d"}, {"${NO:-}", ""}, {"${NO:-a:-b}", "a:-b"}, {"${NO:-http://h:1/p}", "http://h:1/p"},
		{"${EMPTY}", ""}, {"${EMPTY:-d}", "d"},
		{"${NO}", "${NO}"}, {"$A", "$A"}, {"$(A)", "$(A)"}, {"${}", "${}"}, {"${A", "${A"}, {"${A-d}", "${A-d}"}, {"${1}", "${1}"},
		{"${REF}", "${A}"},
	}
	for _, tt := range tests {
		if got := expandVars(tt.text, lookup); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestFillInput: ${path} in texts, whatever the depth, and nothing else (§10.6).
func TestFillInput(t *testing.T) {
	const event = `{"tool_name":"Bash","tool_input":{"command":"a \"b\" ${tool_name}","n":1.50,"o":{"p":true},"l":[1, 2]},"x":null}`
	tests := []struct{ input, want string }{
		{`null`, `{}`}, {``, `{}`}, {`{}`, `{}`},
		{`{"a":"${tool_name}"}`, `{"a":"Bash"}`},
		{`{"a":"<${tool_input.command}>"}`, `{"a":"<a \"b\" ${tool_name}>"}`},
		{`{"a":["${tool_input.n}",{"b":"${tool_input.o.p}"}]}`, `{"a":["1.50",{"b":"true"}]}`},
		{`{"a":"${tool_input.o} ${tool_input.l} ${x}"}`, `{"a":"{\"p\":true} [1, 2] null"}`},
		{`{"a":"${nope}|${tool_name.x}|${tool_input.nope.x}|${tool_input.}"}`, `{"a":"|||"}`},
		{`{"a":"$tool_name {{tool_name}} $ ${} ${tool_name","${tool_name}":12345678901234567890}`, `{"${tool_name}":12345678901234567890,"a":"$tool_name {{tool_name}} $ ${} ${tool_name"}`},
	}
	for _, tt := range tests {
		value, err := fillInput(json.RawMessage(tt.input), []byte(event))
		var got strings.Builder
		enc := json.NewEncoder(&got)
		enc.SetEscapeHTML(false)
		if err == nil {
			err = enc.Encode(value)
		}
		if err != nil || got.String() != tt.want+"\n" {
			t.Errorf("%s: %s, %v; want %s", tt.input, got.String(), err, tt.want)
		}
	}
}

// files writes files below a fresh directory and returns it.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", filepath.ToSlash(dir))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestFindServer: which config of the server s counts, and what forbids it.
func TestFindServer(t *testing.T) {
	const (
		state   = "home/.claude.json"
		shared  = "proj/.mcp.json"
		project = "proj/.claude/settings.json"
		local   = "proj/.claude/settings.local.json"
		user    = "home/.claude/settings.json"
		system  = "etc/managed-settings.json"
		fixed   = "etc/managed-mcp.json"
		mine    = `{"mcpServers":{"s":{"command":"mine"}},"projects":{}}`
		theirs  = `{"mcpServers":{"s":{"command":"theirs","args":["a"]}}}`
		yes     = `{"enabledMcpjsonServers":["s"]}`
	)
	tests := []struct {
		name      string
		files     map[string]string
		untrusted bool
		want      string // the command; else part of the error
	}{
		{"nowhere", nil, false, `no server "s" is configured`},
		{"the user's", map[string]string{state: mine}, false, "mine"},
		{"the project's, approved", map[string]string{shared: theirs, project: yes, state: mine}, false, "theirs"},
		{"approved by the local file", map[string]string{shared: theirs, local: yes}, false, "theirs"},
		{"approved by the user", map[string]string{shared: theirs, user: yes}, false, "theirs"},
		{"approved by managed settings", map[string]string{shared: theirs, system: yes}, true, "theirs"},
		{"approved in the state file", map[string]string{shared: theirs, state: `{"projects":{"DIR/proj":` + yes + `}}`}, true, "theirs"},
		{"all approved", map[string]string{shared: theirs, user: `{"enableAllProjectMcpServers":true}`}, true, "theirs"},
		{"not approved", map[string]string{shared: theirs}, false, "is not approved"},
		{"not approved, though the user has one of that name", map[string]string{shared: theirs, state: mine}, false, "is not approved"},
		{"approved by an untrusted project", map[string]string{shared: theirs, project: yes, local: yes}, true, "is not approved"},
		{"approved by a rejected file", map[string]string{shared: theirs, project: `{"enabledMcpjsonServers":["s"],"hooks":[]}`}, false, "is not approved"},
		{"switched off", map[string]string{shared: theirs, project: yes, user: `{"disabledMcpjsonServers":["s"]}`}, false, "is switched off"},
		{"for this project alone", map[string]string{shared: theirs, state: `{"projects":{"DIR/proj":{"mcpServers":{"s":{"command":"own"}}}},"mcpServers":{"s":{"command":"mine"}}}`}, false, "own"},
		{"for another project", map[string]string{state: `{"projects":{"DIR/other":{"mcpServers":{"s":{"command":"own"}}}}}`}, false, "no server"},
		{"managed", map[string]string{fixed: `{"mcpServers":{"s":{"command":"fixed"}}}`, shared: theirs, state: mine}, true, "fixed"},
		{"not one of the managed ones", map[string]string{fixed: `{"mcpServers":{}}`, shared: theirs, project: yes, state: mine}, false, "no others may be used"},
		{"broken managed file", map[string]string{fixed: `{`, state: mine}, false, "managed-mcp.json is not a JSON object"},
		{"broken .mcp.json", map[string]string{shared: `[]`, state: mine}, false, ".mcp.json is not a JSON object"},
		{"broken state file", map[string]string{state: `{`, shared: theirs, project: yes}, false, ".claude.json is not a JSON object"},
		{"no object", map[string]string{state: `{"mcpServers":{"s":5}}`}, false, "not configured as a server should be"},
		{"a wrong type", map[string]string{state: `{"mcpServers":{"s":{"command":5}}}`}, false, "not configured as a server should be"},
		{"lists that cannot be read", map[string]string{state: mine, user: `{"deniedMcpServers":5}`}, false, "mine"}, // rejected whole, as by the client
		{"denied by name", map[string]string{state: mine, system: `{"deniedMcpServers":[{"serverName":"s"}]}`}, false, "refused by deniedMcpServers"},
		{"denied by command", map[string]string{shared: theirs, project: yes, user: `{"deniedMcpServers":[{"serverCommand":["theirs","a"]}]}`}, false, "refused"},
		{"another command denied", map[string]string{shared: theirs, project: yes, user: `{"deniedMcpServers":[{"serverCommand":["theirs"]}]}`}, false, "theirs"},
		{"denied, though allowed", map[string]string{state: mine, system: `{"allowedMcpServers":[{"serverName":"s"}],"deniedMcpServers":[{"serverName":"s"}]}`}, false, "refused"},
		{"allowed by name", map[string]string{state: mine, system: `{"allowedMcpServers":[{"serverName":"s"}]}`}, false, "mine"},
		{"none allowed", map[string]string{state: mine, system: `{"allowedMcpServers":[]}`}, false, "not one of allowedMcpServers"},
		{"a name where commands are allowed", map[string]string{state: mine, system: `{"allowedMcpServers":[{"serverName":"s"},{"serverCommand":["x"]}]}`}, false, "not one of allowed"},
		{"allowed by command", map[string]string{state: mine, system: `{"allowedMcpServers":[{"serverCommand":["mine"]}]}`}, false, "mine"},
		{"managed lists alone", map[string]string{state: mine, user: `{"allowedMcpServers":[{"serverName":"s"}]}`, system: `{"allowManagedMcpServersOnly":true,"allowedMcpServers":[{"serverName":"t"}]}`}, false, "not one of allowed"},
		{"servers of plugins alone", map[string]string{state: mine, system: `{"strictPluginOnlyCustomization":["mcp"]}`}, false, "servers of plugins alone"},
		{"an allowed URL", map[string]string{state: `{"mcpServers":{"s":{"type":"http","url":"https://h.example/mcp"}}}`, system: `{"allowedMcpServers":[{"serverUrl":"https://*.example/*"}]}`}, false, "https://h.example/mcp"},
		{"another URL", map[string]string{state: `{"mcpServers":{"s":{"type":"http","url":"https://h.example.net/mcp"}}}`, system: `{"allowedMcpServers":[{"serverUrl":"https://*.example/*"}]}`}, false, "not one of allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := files(t, tt.files)
			if err := os.MkdirAll(filepath.Join(dir, "proj"), 0o755); err != nil {
				t.Fatal(err)
			}
			job := mcpJob{Server: "s", Project: filepath.Join(dir, "proj"), Home: filepath.Join(dir, "home"), Trusted: !tt.untrusted}
			s, err := findServer(job, filepath.Join(dir, "etc"))
			got := s.Command + s.URL
			if err != nil {
				got = err.Error()
			}
			if err == nil && got != tt.want || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestConfigDir: CLAUDE_CONFIG_DIR moves both the user's settings and the state file.
func TestConfigDir(t *testing.T) {
	dir := files(t, map[string]string{
		"proj/.mcp.json":   `{"mcpServers":{"s":{"command":"theirs"}}}`,
		"cfg/.claude.json": `{"mcpServers":{"u":{"command":"mine"}}}`, "cfg/settings.json": `{"enabledMcpjsonServers":["s"]}`,
		"home/.claude.json": `{"mcpServers":{"u":{"command":"other"}}}`, "home/.claude/settings.json": `{"disabledMcpjsonServers":["s"]}`,
	})
	job := mcpJob{Project: filepath.Join(dir, "proj"), Home: filepath.Join(dir, "home"), ConfigDir: filepath.Join(dir, "cfg")}
	for name, want := range map[string]string{"s": "theirs", "u": "mine"} {
		job.Server = name
		if s, err := findServer(job, filepath.Join(dir, "etc")); err != nil || s.Command != want {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}
