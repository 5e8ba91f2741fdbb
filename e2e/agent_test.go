package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// An agent is a client that starts a command for each event.
type agent struct {
	client func() (string, error) // path of the real client
	plan   func(installer.Options) (installer.Plan, error)
	config func(l *lab)                                   // writes the user's own config: the fake model
	env    func(l *lab) []string                          // beside the lab's
	args   []string                                       // before the prompt
	shell  func(command string) fakemodel.Turn            // a turn that runs a command
	write  func(l *lab, name, text string) fakemodel.Turn // a turn that makes a file
}

// realAgents are all that can be run, by harness.
func realAgents() map[string]agent {
	return map[string]agent{
		"opencode": openCodeAgent(), "codex": codex(), "gemini": gemini(), "qwen": qwen(),
		"droid": droid(), "copilot": copilot(), "cline": cline(), "kimi": kimi(),
	}
}

// fetched returns a function that gives the path of a client from npm, fetching
// it if need be. name is that of its directory.
func fetched(name, pkg, version, file string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		dir, err := clients()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(dir, name+"-"+version)
		client := filepath.Join(dir, "node_modules", filepath.FromSlash(file))
		if _, err := os.Stat(client); err == nil {
			return client, nil
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		npm := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", pkg+"@"+version)
		if out, err := npm.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm: %w\n%s", err, out)
		}
		_, err = os.Stat(client)
		return client, err
	})
}

// lab sets up a lab with the agent bridged in a project with these hooks.
func (a agent) lab(t *testing.T, hooks string, turns ...fakemodel.Turn) *lab {
	t.Helper()
	l := bareLab(t, hooks, turns...)
	l.install()
	a.config(l)
	plan, err := a.plan(installer.Options{Home: l.home, Project: l.project})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	return l
}

// run gives the agent a prompt, without a user to ask.
func (a agent) run(l *lab, prompt string, more ...string) result {
	l.Helper()
	client, err := a.client()
	if err != nil {
		l.Fatal(err)
	}
	return l.start(l.project, a.environment(l), client, append(append(append([]string{}, a.args...), more...), prompt)...)
}

// environment is all that the agent gets.
func (a agent) environment(l *lab) []string {
	return append([]string{
		"HOME=" + l.home, "PATH=" + filepath.Dir(l.program) + ":" + os.Getenv("PATH"), "TERM=dumb", "LANG=C.UTF-8",
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost",
		"RUN_HOOKS_TRUST=all",
	}, a.env(l)...)
}

// serve starts the agent as a server for other programs, in dir.
func (a agent) serve(l *lab, dir string, args ...string) *process {
	l.Helper()
	client, err := a.client()
	if err != nil {
		l.Fatal(err)
	}
	return l.background(dir, client, a.environment(l), args...)
}

// holds reports a file of the project that does not hold exactly this text.
func (l *lab) holds(name, want string) {
	l.Helper()
	text, err := os.ReadFile(filepath.Join(l.project, name))
	if err != nil || string(text) != want {
		l.Errorf("%s is %q, not %q (%v)", name, text, want, err)
	}
}

// text returns what a file of the project holds.
func (l *lab) text(name string) string {
	l.Helper()
	text, err := os.ReadFile(filepath.Join(l.project, name))
	if err != nil {
		l.Fatal(err)
	}
	return string(text)
}

// guardDenies: a guard of .claude/settings.json stops a command, the model reads
// why, and another command runs.
func (a agent) guardDenies(t *testing.T) {
	l := a.lab(t, guard, a.shell("rm -rf README.md"), a.shell("echo harm''less"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "clean up")
	l.contains("the result of the denied call", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
	l.contains("the result of the other call", l.toolResult("2", 3), "harmless")
}

// asks: without a user, a call that a hook wants confirmed is refused.
func (a agent) asks(t *testing.T) {
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"needs a second look\"}}'"}]}]}`,
		a.shell("echo ran > out.txt"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "needs a second look")
	if l.exists("out.txt") {
		t.Error("the command has run")
	}
}

// rewriting is a hook that wants another command and has a text for the model.
const rewriting = `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"updatedInput\":{\"command\":\"echo rewritten > new.txt; cat new.txt\"},\"additionalContext\":\"use the new way\"}}'"}]}]}`

// rewrites: the command that a hook wants is run in place of the model's, and
// what the hook has for the model reaches it.
func (a agent) rewrites(t *testing.T) {
	l := a.lab(t, rewriting, a.shell("echo original > old.txt"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "rewritten")
	l.contains("the request", l.request(2).Text(), "use the new way")
	if l.exists("old.txt") || !l.exists("new.txt") {
		t.Error("the wrong command has run")
	}
}

// rewriteRefused: where the agent cannot, the call is refused with what is wanted.
func (a agent) rewriteRefused(t *testing.T) {
	l := a.lab(t, rewriting, a.shell("echo original > old.txt"))
	a.run(l, "go")
	result := l.toolResult("1", 2)
	l.contains("the result", result, "make the call again with this input")
	l.contains("the result", result, "echo rewritten > new.txt")
	l.contains("the request", l.request(2).Text(), "use the new way")
	if l.exists("old.txt") || l.exists("new.txt") {
		t.Error("a command has run")
	}
}

// formats: a formatter runs on the file that was written, and what it says to the
// model stands beside the result.
func (a agent) formats(t *testing.T) {
	l := a.lab(t, `{"PostToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":".claude/hooks/format.sh"}]}]}`)
	l.model.Say(fakemodel.Main, a.write(l, "new.txt", "small\n"))
	l.script(".claude/hooks/format.sh", `file=$(sed 's/.*"file_path":"\([^"]*\)".*/\1/')
tr a-z A-Z < "$file" > "$file.tmp" && mv "$file.tmp" "$file"
echo "formatted $file" >&2
exit 2
`)
	a.run(l, "write it")
	l.contains("the request", l.request(2).Text(), "formatted "+l.project+"/new.txt")
	l.holds("new.txt", "SMALL\n")
	if result := l.toolResult("1", 2); len(result) < 10 || strings.HasPrefix(result, "error: ") {
		t.Errorf("the tool's own result is gone: %q", result)
	}
}

// startsWithContext: what SessionStart and UserPromptSubmit hooks have for the
// model is in its first request.
func (a agent) startsWithContext(t *testing.T) {
	l := a.lab(t, `{"SessionStart":[{"matcher":"startup","hooks":[{"type":"command","command":"echo we deploy on Mondays"}]},
		{"matcher":"resume","hooks":[{"type":"command","command":"echo welcome back"}]}],
		"UserPromptSubmit":[{"hooks":[{"type":"command","command":"echo be brief"}]}]}`)
	a.run(l, "hello")
	first := l.request(1).All()
	for _, want := range []string{"hello", "we deploy on Mondays", "be brief"} {
		l.contains("the first request", first, want)
	}
	l.lacks("the first request", first, "welcome back")
}

// stopsSecret: a prompt with a key never reaches the model.
func (a agent) stopsSecret(t *testing.T) result {
	l := a.lab(t, `{"UserPromptSubmit":[{"hooks":[{"type":"command","command":"if grep -q AKIA; then echo 'there is a key in the prompt' >&2; exit 2; fi"}]}]}`)
	r := a.run(l, "use AKIA1234 to deploy")
	if n := len(l.model.Requests(fakemodel.Main)); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	return r
}

// gatesStop: a Stop hook sends the model back to work until its check is happy.
func (a agent) gatesStop(t *testing.T) {
	l := a.lab(t, `{"Stop":[{"hooks":[{"type":"command","command":"if [ ! -e tested ]; then echo run the tests first >&2; exit 2; fi"}]}]}`,
		fakemodel.Turn{Text: "I am done"}, a.shell("touch tested"), fakemodel.Turn{Text: "now I am"})
	a.run(l, "go")
	l.contains("the request after the stop", l.request(2).Text(), "run the tests first")
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times, not 3", n)
	}
	if !l.exists("tested") {
		t.Error("the model did not go on")
	}
}

// capsStop: a Stop hook that is never happy is heard eight times.
func (a agent) capsStop(t *testing.T) {
	l := a.lab(t, `{"Stop":[{"hooks":[{"type":"command","command":"echo again >&2; exit 2"}]}]}`)
	a.run(l, "go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 9 {
		t.Errorf("the model was asked %d times, not 9", n)
	}
}

// halts: a hook of the first call ends the turn, and the model is not asked again.
func (a agent) halts(t *testing.T) {
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'"}]}]}`,
		a.shell("echo first > first.txt"), a.shell("echo second > second.txt"))
	a.run(l, "go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 1 {
		t.Errorf("the model was asked %d times, not 1", n)
	}
	if l.exists("second.txt") {
		t.Error("the turn went on")
	}
}

// missingProgram: without run-hooks nothing that a hook might guard goes on.
func (a agent) missingProgram(t *testing.T) {
	l := a.lab(t, guard, a.shell("echo unchecked > out.txt"))
	l.script(".claude/hooks/guard.sh", noRm)
	if err := os.Remove(l.program); err != nil {
		t.Fatal(err)
	}
	a.run(l, "go")
	if l.exists("out.txt") {
		t.Error("the command has run unchecked")
	}
}

// vanishedProgram: where run-hooks goes away in the middle, the next call is
// refused, the model reads why, and the end of the turn is not held up.
func (a agent) vanishedProgram(t *testing.T) {
	l := a.lab(t, guard)
	l.model.Say(fakemodel.Main, a.shell("mv "+l.program+" "+l.program+".gone"), a.shell("echo unchecked > out.txt"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result", l.toolResult("2", 3), "run-hooks did not run")
	if l.exists("out.txt") {
		t.Error("the command has run unchecked")
	}
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times, not 3", n)
	}
}

// replaces: the model reads what a hook has put in place of a command's output.
func (a agent) replaces(t *testing.T) {
	l := a.lab(t, `{"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PostToolUse\",\"updatedToolOutput\":{\"stdout\":\"all clean\",\"stderr\":\"\",\"interrupted\":false}}}'"}]}]}`,
		a.shell("echo top''secret"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "all clean")
	l.lacks("the result", l.toolResult("1", 2), "topsecret")
}

// guardsSubagent: a command of the sub-agent that is given this task is denied, and
// the sub-agent reads why.
func (a agent) guardsSubagent(t *testing.T, task fakemodel.Turn) {
	l := a.lab(t, guard, task, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result of the sub-agent's call", l.toolResult("2", 3), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// outside refuses what is not in the project, links followed.
const outside = `file=$(sed 's/.*"file_path":"\([^"]*\)".*/\1/')
case $(realpath -m "$file") in
"$CLAUDE_PROJECT_DIR"/*) ;;
*) echo "$file is outside" >&2; exit 2 ;;
esac
`

// guardsBehindLink: a path whose .. stands behind a link leads out of the project;
// the guard is asked where.
func (a agent) guardsBehindLink(t *testing.T) {
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"$CLAUDE_PROJECT_DIR/.claude/hooks/outside.sh"}]}]}`)
	l.script(".claude/hooks/outside.sh", outside)
	other := filepath.Join(l.home, "other")
	if err := os.MkdirAll(filepath.Join(other, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(other, "sub"), filepath.Join(l.project, "link")); err != nil {
		t.Fatal(err)
	}
	turn := a.write(l, "new.txt", "new\n")
	args, _ := turn.Calls[0].Args.(map[string]any)
	for name, value := range args {
		if text, ok := value.(string); ok && strings.HasSuffix(text, "new.txt") {
			args[name] = l.project + "/link/../key.txt"
		}
	}
	l.model.Say(fakemodel.Main, turn)
	a.run(l, "write it")
	l.contains("the result", l.toolResult("1", 2), "is outside")
	if _, err := os.Stat(filepath.Join(other, "key.txt")); err == nil {
		t.Error("a file outside the project was written")
	}
}
