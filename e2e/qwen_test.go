package e2e

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// node22 is the path of a Node.js that Qwen Code runs with: the one on PATH, or
// one from npm.
var node22 = fetched("node", "node", "22", "node/bin/node")

// qwenPath is PATH with a Node.js that is new enough in front.
func qwenPath(l *lab) string {
	l.Helper()
	out, err := exec.Command("node", "--version").Output()
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	if n, bad := strconv.Atoi(major); err == nil && bad == nil && n >= 22 {
		return os.Getenv("PATH")
	}
	node, err := node22()
	if err != nil {
		l.Fatal(err)
	}
	return filepath.Dir(node) + ":" + os.Getenv("PATH")
}

// qwenSettings are the members of the user's settings.
const qwenSettings = `"security":{"auth":{"selectedType":"openai"},"folderTrust":{"enabled":false}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}`

// withSetting makes the agent's user have a setting more.
func withSetting(a agent, setting string) agent {
	a.config = func(l *lab) { l.put(l.home, ".qwen/settings.json", "{"+setting+","+qwenSettings+"}") }
	return a
}

// qwen is Qwen Code against the chat completions API.
func qwen() agent {
	return agent{
		client: fetched("qwen", "@qwen-code/qwen-code", "0.24.4", ".bin/qwen"),
		plan:   installer.Qwen,
		config: func(l *lab) { l.put(l.home, ".qwen/settings.json", "{"+qwenSettings+"}") },
		env: func(l *lab) []string {
			return []string{
				"PATH=" + filepath.Dir(l.program) + ":" + qwenPath(l), "OPENAI_API_KEY=none", "OPENAI_MODEL=fake-model",
				"OPENAI_BASE_URL=" + l.model.URL, "QWEN_CODE_SUPPRESS_YOLO_WARNING=1", "QWEN_CODE_NO_RELAUNCH=true",
			}
		},
		args: []string{"--approval-mode", "yolo", "--prompt"},
		shell: func(command string) fakemodel.Turn {
			return call("run_shell_command", map[string]any{"command": command, "description": "run it", "is_background": false})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("write_file", map[string]any{"file_path": filepath.Join(l.project, name), "content": text})
		},
	}
}

func TestQwenGuardDenies(t *testing.T)  { qwen().guardDenies(t) }
func TestQwenAsk(t *testing.T)          { qwen().asks(t) }
func TestQwenUpdatedInput(t *testing.T) { qwen().rewriteRefused(t) }
func TestQwenFormatter(t *testing.T)    { qwen().formats(t) }
func TestQwenContext(t *testing.T)      { qwen().startsWithContext(t) }
func TestQwenStop(t *testing.T)         { qwen().gatesStop(t) }

// Qwen Code says nothing of a blocked prompt where there is no terminal.
func TestQwenSecretInPrompt(t *testing.T) {
	if r := qwen().stopsSecret(t); r.status != 0 {
		t.Errorf("status %d", r.status)
	}
}

// The client's own cap is one below ours.
func TestQwenStopCap(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"Stop":[{"hooks":[{"type":"command","command":"echo again >&2; exit 2"}]}]}`)
	r := a.run(l, "go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 8 {
		t.Errorf("the model was asked %d times, not 8", n)
	}
	l.contains("stderr", r.stderr, "Stop hook blocked continuation 8 consecutive times")
}

// Qwen Code's continue:false ends nothing: no more calls are let pass, and a Stop
// hook does not send the model back to work.
func TestQwenContinueFalse(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'"}]}],
		"Stop":[{"hooks":[{"type":"command","command":"echo go on >&2; exit 2"}]}]}`,
		a.shell("echo first > first.txt"), a.shell("echo second > second.txt"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "that is enough")
	l.contains("the result", l.toolResult("2", 3), "that is enough")
	if !l.exists("first.txt") || l.exists("second.txt") {
		t.Error("the wrong calls were made")
	}
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times, not 3", n)
	}
}

func TestQwenFailedCommand(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Bash","hooks":[{"type":"command","command":"grep -o 'Exit code [0-9]*' >&2; exit 2"}]}],
		"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo as a success >&2; exit 2"}]}]}`, a.shell("exit 3"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "Exit code 3")
	l.lacks("the request", l.request(2).Text(), "as a success")
}

// Qwen Code's block of a batch ends nothing: what is said reaches the model, and no
// more calls are let pass.
func TestQwenBatch(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PostToolBatch":[{"hooks":[{"type":"command","command":"tee -a batches.txt | grep -q '\"tool_response\":\"second\"' && { echo not that >&2; exit 2; }; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PostToolBatch\",\"additionalContext\":\"run the tests\"}}'"}]}]}`,
		a.shell("echo first"), a.shell("echo second"), a.shell("touch third.txt"))
	a.run(l, "go")
	l.contains("the first result", l.toolResult("1", 2), "run the tests")
	l.contains("the second result", l.toolResult("2", 3), "not that")
	l.contains("the third result", l.toolResult("3", 4), "not that")
	l.contains("what the hook read", l.text("batches.txt"), `"tool_calls":[{"tool_name":"Bash","tool_input":{"command":"echo first"`)
	if l.exists("third.txt") {
		t.Error("a call was made after the turn was to end")
	}
}

// expansion is a hook of UserPromptExpansion, and a command for it.
func expansion(t *testing.T, a agent, command string) *lab {
	l := a.lab(t, `{"UserPromptExpansion":[{"matcher":"greet","hooks":[{"type":"command","command":"`+command+`"}]}]}`)
	l.put(l.project, ".qwen/commands/greet.md", "Say hello to {{args}} politely\n")
	return l
}

func TestQwenExpansionBlocked(t *testing.T) {
	a := qwen()
	l := expansion(t, a, `grep -q '\"prompt\":\"/greet my friend\"' && { echo no greetings >&2; exit 2; }`)
	r := a.run(l, "/greet my friend")
	l.contains("stderr", r.stderr, "UserPromptExpansion operation blocked by hook")
	if n := len(l.model.Requests(fakemodel.Main)); n != 0 || r.status == 0 {
		t.Errorf("the model was asked %d times, status %d", n, r.status)
	}
}

func TestQwenExpansionContext(t *testing.T) {
	a := qwen()
	l := expansion(t, a, `echo no politics`)
	a.run(l, "/greet my friend")
	l.contains("the request", l.request(1).Text(), "Say hello to my friend politely")
	l.contains("the request", l.request(1).Text(), "no politics")
}

// What is longer than Qwen Code takes goes with the prompt that follows.
func TestQwenExpansionLongContext(t *testing.T) {
	a := qwen()
	l := expansion(t, a, `printf '%9950s' x | tr ' ' '<'; echo the end`)
	a.run(l, "/greet my friend")
	l.contains("the request", l.request(1).Text(), "the end")
}

// withTodos makes the agent have its tool todo_write.
func withTodos(a agent) agent { return withSetting(a, `"tools":{"todoWrite":{"enabled":true}}`) }

// todos is a turn that writes the list of things to do.
func todos(status string) fakemodel.Turn {
	return call("todo_write", map[string]any{"todos": []any{map[string]any{"id": "1", "content": "build it", "status": status}}})
}

// A task does not end before its guard is happy, nor by being made done.
func TestQwenTodoCompleted(t *testing.T) {
	a := withTodos(qwen())
	l := a.lab(t, `{"TaskCompleted":[{"hooks":[{"type":"command","command":"[ -e tested ] || { echo run the tests first >&2; exit 2; }"}]}]}`,
		todos("completed"), todos("pending"), todos("completed"), a.shell("touch tested"), todos("completed"))
	a.run(l, "go")
	l.contains("the result of making it done", l.toolResult("1", 2), "run the tests first")
	l.lacks("the result of making it", l.toolResult("2", 3), "blocked")
	l.contains("the result of ending it", l.toolResult("3", 4), "run the tests first")
	l.lacks("the result of ending it then", l.toolResult("5", 6), "blocked")
}

func TestQwenTodoCreated(t *testing.T) {
	a := withTodos(qwen())
	l := a.lab(t, `{"TaskCreated":[{"hooks":[{"type":"command","command":"grep -o '\"task_subject\":\"[^\"]*\"' >&2; exit 2"}]}]}`, todos("pending"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), `"task_subject":"build it"`)
}

func TestQwenInstructions(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"InstructionsLoaded":[{"matcher":"session_start","hooks":[{"type":"command","command":"cat >> files.txt"}]}]}`)
	l.put(l.project, "QWEN.md", "be brief\n")
	a.run(l, "go")
	l.contains("the files", l.text("files.txt"), `"file_path":"`+filepath.Join(l.project, "QWEN.md")+`","memory_type":"Project"`)
}

// classifier stands before the fake model and blocks what auto mode asks about.
func classifier(l *lab) string {
	model, err := url.Parse(l.model.URL)
	if err != nil {
		l.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: model.Scheme, Host: model.Host})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !bytes.Contains(body, []byte(`"respond_in_schema"`)) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			proxy.ServeHTTP(w, r)
			return
		}
		verdict := `{\"shouldBlock\":true}`
		if bytes.Contains(body, []byte(`"thinking":{"type"`)) {
			verdict = `{\"shouldBlock\":true,\"thinking\":\"no\",\"reason\":\"it is dangerous\"}`
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c","object":"chat.completion","created":1,"model":"fake-model","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"k","type":"function","function":{"name":"respond_in_schema","arguments":"`+verdict+`"}}]}}]}`)
	}))
	l.Cleanup(s.Close)
	return s.URL + model.Path
}

// A call that auto mode refuses may be tried again, if a hook says so.
func TestQwenPermissionDenied(t *testing.T) {
	a := qwen()
	a.args = []string{"--approval-mode", "auto", "--prompt"}
	l := a.lab(t, `{"PermissionDenied":[{"matcher":"WebFetch","hooks":[{"type":"command","command":"cat > denied.txt; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionDenied\",\"retry\":true}}'"}]}]}`,
		call("web_fetch", map[string]any{"url": "http://x.invalid/a", "prompt": "get it"}))
	base := classifier(l)
	plain := a.env
	a.env = func(l *lab) []string { return append(plain(l), "OPENAI_BASE_URL="+base) }
	a.run(l, "go")
	l.contains("what the hook read", l.text("denied.txt"), `"tool_name":"WebFetch"`)
	l.contains("the result", l.toolResult("1", 2), "it is dangerous")
	l.contains("the result", l.toolResult("1", 2), "you may retry this tool call")
}

// Qwen Code makes a call that hooks have not answered for in a minute: it is refused
// before that.
func TestQwenSlowGuard(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"sleep 600"}]}]}`, a.shell("touch made.txt"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "qwen waits 1m0s for an answer")
	if l.exists("made.txt") {
		t.Error("the call was made")
	}
}

// Where an editor drives it, prompts, calls and the end of a turn are guarded.
func TestQwenACP(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"UserPromptSubmit":[{"hooks":[{"type":"command","command":"if grep -q AKIA; then echo 'there is a key in the prompt' >&2; exit 2; fi"}]}],
		"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":".claude/hooks/guard.sh"}]}],
		"Stop":[{"hooks":[{"type":"command","command":"grep -q '\"stop_hook_active\":true' || { echo 'run the tests first' >&2; exit 2; }"}]}]}`, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	p := a.serve(l, l.project, "--approval-mode", "yolo", "--acp")
	session := l.acpSession(p)
	l.acpPrompt(p, 3, session, "use a key", "AKIA1234")
	if n := len(l.model.Requests(fakemodel.Main)); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	l.acpPrompt(p, 4, session, "clean up")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	l.contains("the request after the stop", l.request(3).Text(), "run the tests first")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// Where a user could be asked, a hook may allow another input, which is what guards of
// calls see.
func TestQwenPermissionInput(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PermissionRequest":[{"matcher":"Bash","hooks":[{"type":"command","command":"sed 's/.*\"command\":\"\\([^\"]*\\)\".*/\\1.txt/; s/.*/{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"allow\",\"updatedInput\":{\"command\":\"&\"}}}}/'"}]}],
		"PreToolUse":[{"hooks":[{"type":"command","command":"case $(cat) in *'touch bad.txt'*) echo 'not this one' >&2; exit 2;; esac"}]}]}`,
		a.shell("touch good"), a.shell("touch bad"))
	p := a.serve(l, l.project, "--approval-mode", "default", "--input-format", "stream-json", "--output-format", "stream-json")
	if _, err := io.WriteString(p.stdin, `{"type":"user","session_id":"s","parent_tool_use_id":null,"message":{"role":"user","content":"go"}}`+"\n"); err != nil {
		t.Fatal(err)
	}
	l.until("the third request", func() bool { return len(l.model.Requests(fakemodel.Main)) > 2 })
	l.contains("the result of the other call", l.toolResult("2", 3), "not this one")
	if !l.exists("good.txt") || l.exists("good") || l.exists("bad.txt") || l.exists("bad") {
		t.Errorf("the wrong commands were run: %s", l.toolResult("1", 2))
	}
}

func TestQwenMissing(t *testing.T) { qwen().missingProgram(t) }

// A denial holds, and so does a question where nobody can be asked, whatever another
// hook of Qwen Code's own config says that is asked behind the bridge.
func TestQwenOverruled(t *testing.T) {
	a := withSetting(qwen(), `"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\",\"permissionDecisionReason\":\"why not\"}}'"}]}]}`)
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"case $(cat) in *'rm -rf'*) echo 'not this one' >&2; exit 2;; esac"}]},
		{"matcher":"Write","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"needs a second look\"}}'"}]}]}`,
		a.shell("rm -rf README.md"), a.shell("echo the turn goes on"))
	l.model.Say(fakemodel.Main, a.write(l, "new.txt", "small\n"))
	a.run(l, "go")
	l.contains("the result of the denied call", l.toolResult("1", 2), "not this one")
	l.contains("the result of the next", l.toolResult("2", 3), "the turn goes on")
	l.contains("the result of the asked one", l.toolResult("3", 4), "needs a second look")
	if !l.exists("README.md") || l.exists("new.txt") {
		t.Error("a call was made that a guard stands against")
	}
}

// A guard of an MCP tool holds where the model writes an argument as the text of what
// the tool wants, which Qwen Code makes that.
func TestQwenMCPInput(t *testing.T) {
	a := withSetting(qwen(), `"mcpServers":{"srv":{"command":"sh","args":["mcp.sh"],"trust":true}}`)
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"files\":\\[\"bad\"\\]'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		call("mcp__srv__do_it", map[string]any{"files": `["good"]`}), call("mcp__srv__do_it", map[string]any{"files": ` ["bad"]`}))
	l.script("mcp.sh", strings.NewReplacer(`"x":{"type":"string"}`, `"files":{"type":"array"}`, "touch called", `echo "$line" >> called`).Replace(mcpServer))
	a.run(l, "go")
	l.contains("the good call", l.text("called"), `"files":["good"]`)
	l.contains("the result", l.toolResult("2", 3), "not this one")
	l.lacks("what was called", l.text("called"), "bad")
}

// A guard of a directory holds for a search of it, however the model writes its path,
// and a guard of files for what is zoomed into.
func TestQwenPaths(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Glob|Grep|Read","hooks":[{"type":"command","command":"if grep -q \"\\\"$PWD/secrets\\|\\\"$HOME/.ssh\\\"\"; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		call("glob", map[string]any{"pattern": "*", "path": "~/.ssh"}), call("glob", map[string]any{"pattern": "*", "path": "secrets"}),
		call("grep_search", map[string]any{"pattern": "key", "path": "./sub/../secrets"}), call("glob", map[string]any{"pattern": "*", "path": "~"}))
	picture := l.put(l.project, "secrets/key.png", "key")
	l.put(l.home, ".ssh/key", "key")
	l.model.Say(fakemodel.Main, call("tool_call", map[string]any{"name": "zoom_image", "arguments": map[string]any{"file_path": picture, "x1": 0, "y1": 0, "x2": 9, "y2": 9}}))
	a.run(l, "go")
	for turn, id := range map[int]string{2: "1", 3: "2", 4: "3", 6: "5"} {
		l.contains("the result", l.toolResult(id, turn), "not this one")
	}
	l.lacks("the result of the other search", l.toolResult("4", 5), "not this one")
}

// A guard that looks where a path leads sees the path that Qwen Code takes there, ..
// behind a link and all.
func TestQwenLinks(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Read|Write","hooks":[{"type":"command","command":"case $(readlink -f \"$(sed 's/.*\"file_path\":\"\\([^\"]*\\)\".*/\\1/')\") in \"$PWD\"/*) ;; *) echo 'not that one' >&2; exit 2;; esac"}]}]}`)
	key := l.put(l.home, "key", "kept\n")
	l.put(l.home, "deep/x", "x")
	if err := os.Symlink(filepath.Join(l.home, "deep"), filepath.Join(l.project, "link")); err != nil {
		t.Fatal(err)
	}
	l.model.Say(fakemodel.Main, call("read_file", map[string]any{"file_path": l.project + "/link/../key"}), a.write(l, "README.md", "new\n"),
		call("write_file", map[string]any{"file_path": l.project + "/link/../new", "content": "x"}), call("read_file", map[string]any{"file_path": l.project + "/.git/../README.md"}))
	a.run(l, "go")
	l.contains("the result of a read", l.toolResult("1", 2), "not that one")
	l.contains("the result of a write", l.toolResult("3", 4), "not that one")
	l.lacks("the result of another read", l.toolResult("4", 5), "not that one")
	if _, err := os.Stat(filepath.Join(filepath.Dir(key), "new")); err == nil {
		t.Error("a file was written that a guard stands against")
	}
}

// Guards of commands, of notebooks and of MCP tools by Claude's names hold for what
// Qwen Code calls otherwise.
func TestQwenOtherTools(t *testing.T) {
	a := qwen()
	config := a.config
	a.config = func(l *lab) {
		config(l)
		l.script("mcp.sh", mcpServer)
		l.put(l.project, ".qwen/settings.json", `{"mcpServers":{"my srv":{"command":"`+filepath.Join(l.project, "mcp.sh")+`","trust":true}}}`)
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash|NotebookEdit|mcp__my_srv__do_it","hooks":[{"type":"command","command":"echo 'not this one' >&2; exit 2"}]}]}`,
		call("monitor", map[string]any{"command": "touch monitored"}),
		call("read_file", map[string]any{"file_path": "n.ipynb"}),
		call("mcp__my_srv__do_it_0g2b7g7", map[string]any{"x": "bad"}))
	notebook := l.put(l.project, "n.ipynb", `{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}`)
	l.model.Say(fakemodel.Main, call("notebook_edit", map[string]any{"notebook_path": notebook, "edit_mode": "insert", "new_source": "x = 1"}))
	a.run(l, "go")
	for turn, id := range map[int]string{2: "1", 4: "3", 5: "4"} {
		l.contains("the result", l.toolResult(id, turn), "not this one")
	}
	if l.exists("monitored") || l.exists("called") {
		t.Error("a denied call was made")
	}
}
