package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// openCodeAgent is OpenCode, whose bridge is a plugin, as the other agents are.
func openCodeAgent() agent {
	return agent{
		client: openCode,
		plan: func(o installer.Options) (installer.Plan, error) {
			program := filepath.Join(filepath.Dir(o.Home), "bin", "run-hooks") // as bareLab has it
			return installer.OpenCode(installer.Options{Home: o.Home, Global: true, Program: program, Plugin: opencode.Plugin})
		},
		config: func(l *lab) {
			l.config(nil)
			l.offline(filepath.Join(l.home, ".config/opencode"))
		},
		env:   (*lab).environment,
		args:  []string{"run"},
		shell: bash,
		write: func(_ *lab, name, text string) fakemodel.Turn {
			return call("write", map[string]any{"filePath": name, "content": text})
		},
	}
}

// A patterned is an agent that examples/patterns is run under, and what is
// different there; the example's README says the same.
type patterned struct {
	name   string
	agent  agent
	later  bool   // what a hook objects to in a call that was made comes at the end of the turn
	told   string // what the user sees of a blocked prompt; "" is nothing
	unseen bool   // prompts are no event: no hook runs
}

func patternedAgents() []patterned {
	const reason = "the prompt seems to carry an AWS access key; take it out"
	return []patterned{
		{name: "opencode", agent: openCodeAgent(), told: reason},
		{name: "codex", agent: codex(), told: "UserPromptSubmit Blocked"},
		{name: "gemini", agent: gemini(), told: reason},
		{name: "qwen", agent: qwen()},
		{name: "copilot", agent: copilot(), told: reason},
		{name: "kimi", agent: kimi(), told: reason, later: true},
		{name: "cline", agent: cline(), unseen: true},
		{name: "droid", agent: droid(), unseen: true},
	}
}

// TestPatterns runs the hooks of examples/patterns, as they are, under every agent.
func TestPatterns(t *testing.T) {
	need(t)
	for _, p := range patternedAgents() {
		t.Run(p.name+"/block-dangerous", p.blocksDangerous)
		t.Run(p.name+"/after-edit", p.checksEdits)
		t.Run(p.name+"/stop-secrets", p.stopsSecrets)
	}
}

// lab sets up a lab whose project is a copy of the example.
func (p patterned) lab(t *testing.T) *lab {
	t.Helper()
	l := bareLab(t, "")
	if err := os.Remove(filepath.Join(l.project, "README.md")); err != nil { // the example has one
		t.Fatal(err)
	}
	if err := os.CopyFS(l.project, os.DirFS("../examples/patterns")); err != nil {
		t.Fatal(err)
	}
	l.install()
	p.agent.config(l)
	plan, err := p.agent.plan(installer.Options{Home: l.home, Project: l.project})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	return l
}

// blocksDangerous: the command does not run, the model reads why and what to do
// instead, and a harmless command runs.
func (p patterned) blocksDangerous(t *testing.T) {
	l := p.lab(t)
	l.model.Say(fakemodel.Main, p.agent.shell("rm -rf greetings"), p.agent.shell("rm greetings/hello.sh; echo remo''ved"))
	p.agent.run(l, "clean up here")
	l.contains("the request after the denied call", l.request(2).Text(), "deleting whole directories is not allowed here; name the files")
	l.contains("the result of the other call", l.toolResult("2", 3), "removed")
	if !l.exists("greetings") || l.exists("greetings/hello.sh") {
		t.Error("the wrong command has run")
	}
}

// checksEdits: a fault of the linter and one of the tests reach the model, a file
// is formatted, and of an edit without fault nothing is said.
func (p patterned) checksEdits(t *testing.T) {
	const lint, test = "this does not parse: ", "the tests fail after this edit: greetings/good.sh does not name whom it greets"
	l := p.lab(t)
	turns := []fakemodel.Turn{
		p.agent.write(l, "greetings/fine.sh", "echo \"fine, $1\"  \n"),
		p.agent.write(l, "greetings/good.sh", "echo good evening\n"),
		p.agent.write(l, "notes.sh", "echo \"unclosed\n"),
	}
	fails, parses := 3, 4
	if p.later { // a model thinks for longer than a process takes to start
		turns = append(turns, fakemodel.Turn{Text: "done", Delay: time.Second})
		fails, parses = 5, 5
	}
	l.model.Say(fakemodel.Main, turns...)
	p.agent.run(l, "write some greetings")
	l.holds("greetings/fine.sh", "echo \"fine, $1\"\n")
	l.lacks("the request after the good edit", l.request(2).Text(), "after-edit.sh]")
	l.contains("the request after an edit that fails the tests", l.request(fails).Text(), test)
	l.contains("the request after an edit that does not parse", l.request(parses).Text(), lint)
}

// stopsSecrets: the model is not sent the prompt, the user is told why, and a
// prompt without a secret goes on.
func (p patterned) stopsSecrets(t *testing.T) {
	l := p.lab(t)
	r := p.agent.run(l, "deploy with AKIAIOSFODNN7EXAMPLE now")
	sent := ""
	for _, lane := range []string{fakemodel.Main, "title", "aside"} {
		for _, asked := range l.model.Requests(lane) {
			sent += asked.All()
		}
	}
	if p.unseen {
		l.contains("what was sent (if prompts are an event now, the README is to say so)", sent, "AKIAIOSFODNN7EXAMPLE")
		return
	}
	if sent != "" {
		t.Errorf("the model was sent %s", sent)
	}
	saw := strings.Join(strings.Fields(r.stdout+" "+r.stderr), " ") // some break lines
	if p.told == "" {
		l.lacks("what the user saw", saw, "AWS access key")
	} else {
		l.contains("what the user saw", saw, p.told)
	}
	p.agent.run(l, "deploy with the key from the vault")
	l.contains("the request of the other prompt", l.request(1).Text(), "the key from the vault")
}
