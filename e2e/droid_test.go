package e2e

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// droid is Factory Droid without its own service, with models of the user's own:
// one that edits files, and one by whose name it is given patches to write. Of
// npm's packages it is the machine's own: the one named droid brings a second
// client of 300 MB, and runs it in the user's home.
func droid() agent {
	pkg := "@factory/cli-" + runtime.GOOS + "-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	return agent{
		client: fetched("droid", pkg, "0.215.0", pkg+"/bin/droid"),
		plan:   installer.Droid,
		config: (*lab).droidModels,
		env:    func(*lab) []string { return []string{"FACTORY_AIRGAP_ENABLED=true"} },
		args:   []string{"exec", "--auto", "high", "--model", "custom:fake-model"},
		shell: func(command string) fakemodel.Turn {
			return call("Execute", map[string]any{"command": command, "summary": "run it", "riskLevel": "low", "riskLevelReason": "none"})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("Create", map[string]any{"file_path": filepath.Join(l.project, name), "content": text})
		},
	}
}

// droidModels writes the user's settings: the fake model by two names.
func (l *lab) droidModels() {
	l.Helper()
	model := func(name string) string {
		return fmt.Sprintf(`{"model":%q,"displayName":%q,"baseUrl":%q,"apiKey":"none","provider":"generic-chat-completion-api","maxOutputTokens":4000}`, name, name, l.model.URL)
	}
	l.put(l.home, ".factory/settings.json", `{"customModels":[`+model("fake-model")+`,`+model("gpt-5-codex")+`]}`)
}

// driven is Droid as another program runs it: only then does it have an event for
// a prompt.
func driven(a agent) agent {
	a.args = append(append([]string{}, a.args...), "--output-format", "stream-jsonrpc")
	return a
}

func TestDroidGuardDenies(t *testing.T)     { droid().guardDenies(t) }
func TestDroidAsk(t *testing.T)             { droid().asks(t) }
func TestDroidUpdatedInput(t *testing.T)    { droid().rewrites(t) }
func TestDroidFormatter(t *testing.T)       { droid().formats(t) }
func TestDroidContext(t *testing.T)         { driven(droid()).startsWithContext(t) }
func TestDroidStop(t *testing.T)            { droid().gatesStop(t) }
func TestDroidStopCap(t *testing.T)         { droid().capsStop(t) }
func TestDroidContinueFalse(t *testing.T)   { droid().halts(t) }
func TestDroidMissingProgram(t *testing.T)  { droid().missingProgram(t) }
func TestDroidVanishedProgram(t *testing.T) { droid().vanishedProgram(t) }

// The user reads the reason, and nothing after it.
func TestDroidSecretInPrompt(t *testing.T) {
	r := driven(droid()).stopsSecret(t)
	if r.status != 1 || !strings.Contains(r.stdout, `: there is a key in the prompt\n"`) {
		t.Errorf("status %d, and the user is told %q", r.status, r.stdout)
	}
}

// A sub-agent is a session of its own.
func TestDroidSubagent(t *testing.T) {
	droid().guardsSubagent(t, call("Task", map[string]any{"subagent_type": "worker", "description": "clean up", "prompt": "clean up", "await": true}))
}

// To hooks it is a sub-agent of the user's session: its start has context for it,
// its end can send it back to work, and the user's Stop is asked once.
func TestDroidSubagentEvents(t *testing.T) {
	a := droid()
	l := a.lab(t, `{"SubagentStart":[{"matcher":"worker","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"SubagentStart\",\"additionalContext\":\"mind the greetings\"}}'"}]}],
		"SubagentStop":[{"matcher":"worker","hooks":[{"type":"command","command":"if [ ! -e cleaned ]; then echo you have not cleaned up >&2; exit 2; fi"}]}],
		"Stop":[{"hooks":[{"type":"command","command":"echo stop >> asked"}]}],
		"SessionStart":[{"hooks":[{"type":"command","command":"echo start >> asked"}]}],
		"UserPromptSubmit":[{"hooks":[{"type":"command","command":"echo prompt >> asked"}]}]}`,
		call("Task", map[string]any{"subagent_type": "worker", "description": "clean up", "prompt": "clean up", "await": true}),
		fakemodel.Turn{Text: "it is clean"}, a.shell("touch cleaned"))
	a.run(l, "go")
	l.contains("the sub-agent's first request", l.request(2).Text(), "mind the greetings")
	l.contains("the request after it stopped", l.request(3).Text(), "you have not cleaned up")
	l.holds("asked", "start\nstop\n")
}

// A guard of an MCP tool by Claude's name for it holds.
func TestDroidMCP(t *testing.T) {
	a := droid()
	tool := func(x string) fakemodel.Turn { return call("my-srv___do_it", map[string]any{"x": x}) }
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__my-srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		call("ToolSearch", map[string]any{"query": "select:my-srv___do_it"}), tool("bad"))
	l.script("mcp.sh", mcpServer)
	l.put(l.home, ".factory/mcp.json", fmt.Sprintf(`{"mcpServers":{"my-srv":{"type":"stdio","command":%q}}}`, filepath.Join(l.project, "mcp.sh")))
	a.run(l, "go")
	l.contains("the result", l.toolResult("2", 3), "not this one")
	if l.exists("called") {
		t.Error("the tool was called")
	}
	l.model.Say(fakemodel.Main, call("ToolSearch", map[string]any{"query": "select:my-srv___do_it"}), tool("good"))
	a.run(l, "go on")
	l.contains("the result of the other call", l.toolResult("4", 6), "it is done")
}

// What Droid finds in arguments that are no JSON no hook has seen: the tool is not
// run with it.
func TestDroidBrokenArguments(t *testing.T) {
	a := droid()
	a.args = []string{"exec", "--skip-permissions-unsafe", "--model", "custom:fake-model"}
	l := a.lab(t, guard, fakemodel.Turn{Calls: []fakemodel.Call{
		{Tool: "Execute", Raw: `{"command":"rm -rf README.md","summary":"Clean it up"`},
		{Tool: "Create", Raw: `{"file_path":"new.txt","content":"x"} and`},
		{Tool: "Execute", Raw: `{"command":"echo harm''less","summary":"Say a word"}`},
	}})
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result of a command", l.toolResult("1", 2), "command is required")
	l.contains("the result of a file", l.toolResult("2", 2), "file_path is required")
	l.contains("the result of the whole call", l.toolResult("3", 2), "harmless")
	if !l.exists("README.md") || l.exists("new.txt") {
		t.Error("a tool was run with what hooks have not seen")
	}
}

// What a hook wants in place of an input arrives as it is, however long.
func TestDroidLongInput(t *testing.T) {
	a := droid()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"cat wanted.json"}]}]}`)
	l.model.Say(fakemodel.Main, a.write(l, "new.txt", "small\n"))
	want := strings.Repeat("grüße €😀", 50_000) + "\n"
	l.put(l.project, "wanted.json", `{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"file_path":`+string(hook.Quote(filepath.Join(l.project, "new.txt")))+`,"content":`+string(hook.Quote(want))+`}}}`)
	a.run(l, "go")
	if l.text("new.txt") != want {
		t.Error("the file is not what the hook wants")
	}
}

// What a hook leaves out of the input it wants is not kept of the call's own.
func TestDroidInputLeftOut(t *testing.T) {
	a := droid()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Grep","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"updatedInput\":{\"pattern\":\"hello\",\"output_mode\":\"content\"}}}'"}]}]}`)
	other := l.put(l.home, "other.txt", "hello there\n")
	l.model.Say(fakemodel.Main, call("Grep", map[string]any{"pattern": "there", "path": other, "output_mode": "content"}))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "hello lab")
	l.lacks("the result", l.toolResult("1", 2), "hello there")
}

// The workers of a mission work where the project's hooks guard them.
func TestDroidMission(t *testing.T) {
	a := droid()
	a.args = []string{"exec", "--mission", "--auto", "high", "--model", "custom:fake-model", "--worker-model", "custom:fake-model", "--validator-model", "custom:fake-model"}
	l := a.lab(t, guard)
	propose := func(dir string) fakemodel.Turn {
		return call("ProposeMission", map[string]any{"title": "clean up", "proposal": "clean up", "workingDirectory": dir})
	}
	l.put(l.home, "elsewhere/README.md", "")
	features := l.put(l.home, "features.json", `{"features":[{"id":"f1","description":"clean up","skillName":"cleaner","milestone":"m1","preconditions":[],"expectedBehavior":["x"],"verificationSteps":["y"],"status":"pending","fulfills":[]}]}`)
	skill := l.put(l.home, "SKILL.md", "---\nname: cleaner\ndescription: cleans up\n---\nClean up.\n")
	l.model.Say(fakemodel.Main, propose(filepath.Join(l.home, "elsewhere")), propose(l.project),
		a.shell("cd "+l.home+"/.factory/missions/* && cp "+features+" . && mkdir -p skills/cleaner && cp "+skill+" skills/cleaner/"),
		call("StartMissionRun", map[string]any{"message": "go"}),
		a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result of the first", l.toolResult("1", 2), "propose it without workingDirectory")
	l.contains("the result of the second", l.toolResult("2", 3), "missionDir")
	l.contains("the result of the worker's call", l.toolResult("5", 6), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// A patch is a Write or an Edit of each of its files. Droid acts on what stands
// before the first line of a patch, too.
func TestDroidPatch(t *testing.T) {
	a := droid()
	patch := func(text string) fakemodel.Turn { return call("ApplyPatch", map[string]any{"input": text}) }
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q 'secret.txt\"'; then echo 'secret.txt is not yours' >&2; exit 2; fi"}]}]}`,
		patch("*** Begin Patch\n*** Add File: a.txt\n+one\n*** Delete File: secret.txt\n*** End Patch\n"),
		patch("*** Delete File: secret.txt\n*** Begin Patch\n*** Add File: b.txt\n+two\n*** End Patch\n"),
		patch("*** Begin Patch\n*** Add File: c.txt\n+three\n*** End Patch\n"))
	l.put(l.project, "secret.txt", "s\n")
	a.run(l, "go", "--model", "custom:gpt-5-codex")
	for turn, id := range map[int]string{2: "1", 3: "2"} {
		l.contains("the result", l.toolResult(id, turn), "because of secret.txt")
		l.contains("the result", l.toolResult(id, turn), "secret.txt is not yours")
	}
	if l.exists("a.txt") || l.exists("b.txt") || !l.exists("secret.txt") || !l.exists("c.txt") {
		t.Error("the wrong files are there")
	}
}

// Another hook of Droid's own that allows a call does not take a denial away.
func TestDroidOthersAllow(t *testing.T) {
	a := droid()
	allow := `{"PreToolUse":[{"hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\"}}'"}]}]}`
	config := a.config
	a.config = func(l *lab) {
		config(l)
		l.put(l.home, ".factory/hooks.json", allow)
		l.put(l.project, ".factory/hooks.json", allow)
	}
	l := a.lab(t, guard, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// Droid's own hooks go on beside the bridge, in whichever of its files they are.
func TestDroidOwnHooks(t *testing.T) {
	a := droid()
	own := func(event, says string) string {
		return fmt.Sprintf(`{%q:[{"hooks":[{"type":"command","command":"echo %s >> own.log"}]}]}`, event, says)
	}
	config := a.config
	a.config = func(l *lab) {
		config(l)
		l.put(l.project, ".factory/settings.json", `{"hooks":`+own("PreToolUse", "before")+`}`)
		l.put(l.project, ".factory/hooks.json", own("PostToolUse", "after"))
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"touch bridged"}]}]}`, a.shell("true"))
	a.run(l, "go")
	l.holds("own.log", "before\nafter\n")
	if !l.exists("bridged") {
		t.Error("the bridge did not run")
	}
}
