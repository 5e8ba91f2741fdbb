package installer

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/mapper"
)

var update = flag.Bool("update", false, "write docs/harnesses.md")

// checked is the day the agents were last looked at.
const checked = "2026-11-20"

// TestHarnessesDoc holds docs/harnesses.md, which is made of the tables: go test
// ./installer -run TestHarnessesDoc -update writes it.
func TestHarnessesDoc(t *testing.T) {
	const file = "../docs/harnesses.md"
	text := harnessesDoc()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	is, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(is) != text {
		t.Errorf("%s is not what the tables say; go test ./installer -run TestHarnessesDoc -update writes it", file)
	}
}

const docHead = `<!-- Made by go test ./installer -run TestHarnessesDoc -update of the tables in mapper and installer. Do not edit. -->

# What works under which agent

One table an agent: what of a hook's decision the agent can carry out, event by event, and what run-hooks does where it
cannot. Nothing is dropped in silence: a denial stops the call by whatever means there is, a question that cannot be asked
and an input that cannot be put in place of the call's own become a denial that says so.

How to read a cell:

| cell | means |
|---|---|
| **yes** | the agent does it |
| refused | it cannot, and the call is refused with the reason, or with the input that was wanted |
| later | the text waits for the next event of the session that can carry it; the end of a turn can carry what a hook objects to in a call that was made, where an agent can be sent back to work |
| stderr | the text is told on stderr, which the agent may show or log |
| told | it cannot; the user is told |
| no calls | it cannot; no more tool calls are let pass until the user's next prompt |
| – | Claude Code has no such thing at this event |

The columns: **block** stops the action; at the end of a turn it sends the model back to work, no more than eight times in
a row; after a tool call the model is told. **ask** puts a question to the user. **allow** spares the agent's own permission
question. **input** replaces a tool's input, **output** its output. **context** gives the model a text. **end** ends the turn.
**message** shows the user a text.

` + "`run-hooks list --harness NAME` says it for the hooks you have; `run-hooks check --require NAME=blocks` fails where a guard would\nnot guard; `run-hooks doctor` looks for what is wrong on this machine, and `run-hooks doctor --fire NAME` runs the real client against a\nfake model and sees whether it obeys a denial.\n"

// harnessesDoc makes the page.
func harnessesDoc() string {
	var b strings.Builder
	b.WriteString(docHead)
	b.WriteString("\n| agent | install | checked " + checked + " with | runs of Claude's files itself |\n|---|---|---|---|\n")
	for _, a := range Agents() {
		h := harness(a.Name)
		fmt.Fprintf(&b, "| [%s](#%s) | `%s` | %s | %s |\n", a.Title, a.Name, installLine(a), version(a), scopes(h.Runs, "nothing"))
	}
	for _, a := range Agents() {
		agentDoc(&b, a, harness(a.Name))
	}
	b.WriteString("\n## Other agents\n\nThere is no bridge to these. `run-hooks init NAME` says so, too. What is said here was recorded or read, and not run with run-hooks.\n\n")
	for _, other := range Others() {
		fmt.Fprintf(&b, "* `%s`: %s.\n", other.Name, other.What)
	}
	return b.String()
}

func harness(name string) mapper.Harness {
	all := mapper.Harnesses()
	if i := slices.IndexFunc(all, func(h mapper.Harness) bool { return h.Name == name }); i >= 0 {
		return all[i]
	}
	return mapper.Harness{}
}

func installLine(a Agent) string {
	line := "run-hooks init " + a.Name
	if a.UserOnly {
		line += " --global"
	}
	return line
}

func version(a Agent) string {
	if a.Read && strings.HasPrefix(a.Checked, "its ") {
		return a.Checked
	}
	if a.Read {
		return a.Checked + ", by its documentation"
	}
	return a.Checked
}

func scopes(of []hook.Scope, none string) string {
	var out []string
	for _, s := range of {
		out = append(out, string(s))
	}
	if len(out) == 0 {
		return none
	}
	return strings.Join(out, ", ")
}

// agentDoc is the section of one agent.
func agentDoc(b *strings.Builder, a Agent, h mapper.Harness) {
	fmt.Fprintf(b, "\n## <a id=\"%s\"></a>%s\n\n", a.Name, a.Title)
	fmt.Fprintf(b, "    %s\n\n", installLine(a))
	how := "run for real"
	if a.Read {
		how = "never run: what is said here is what its documentation says"
	}
	fmt.Fprintf(b, "Checked %s with %s; %s.", checked, strings.TrimSuffix(version(a), ", by its documentation"), how)
	if a.UserOnly {
		b.WriteString(" It has no hooks of a project, only of the user.")
	}
	fmt.Fprintf(b, " `--global` writes %s%s.", userPlace(a), moves(a))
	if len(h.Runs) > 0 {
		fmt.Fprintf(b, " It runs the hooks of these scopes itself, and the bridge leaves them to it: %s. Who has switched that off adds `--all`.", scopes(h.Runs, ""))
	}
	if a.After != "" {
		fmt.Fprintf(b, " %s.", a.After)
	}
	notes := a.Notes
	if off := switches(a); off != "" {
		notes = append(notes, "No hook runs, and so no bridge, with "+off+"; init, status and doctor say so, and check --require of what is in the project")
	}
	for i, note := range notes {
		b.WriteString(separator(i) + "* " + note + ".")
	}
	b.WriteString("\n\n| event | agent's | block | ask | allow | input | output | context | end | message |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, row := range h.Events {
		eventDoc(b, &h, row)
	}
	fmt.Fprintf(b, "\nHooks of these events do not run under %s: %s.\n", a.Title, strings.Join(unpaired(&h), ", "))
	toolsDoc(b, &h)
}

// switches are what switches an agent's hooks off.
func switches(a Agent) string {
	seen := map[string]bool{}
	for _, own := range owns()[a.Name] {
		for path, value := range own.Off {
			if own.Unasked[path] != "" { // a note says what is not asked
				continue
			}
			word := "`" + path + "` being "
			if _, list := value.(string); list {
				word = "`" + path + "` naming "
			}
			seen[word+fmt.Sprintf("`%v`", value)] = true
		}
	}
	for _, name := range a.OffEnv {
		seen["`"+name+"` set"] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), " or ")
}

// userPlace is what is written for the user: a file, or the directory of several.
func userPlace(a Agent) string {
	p, err := a.Plan(Options{Home: "/~", Global: true, Plugin: []byte(plugin)})
	if err != nil || len(p) == 0 {
		return fmt.Sprint(err)
	}
	at := p[0].Path
	if len(p) > 1 {
		at = filepath.Dir(at) + "/"
	}
	return "`" + strings.TrimPrefix(at, "/") + "`"
}

// moves are the variables by which it is written elsewhere.
func moves(a Agent) string {
	var names []string
	for _, m := range a.Moves {
		names = append(names, "`"+m.Variable+"`")
	}
	if len(names) == 0 {
		return ""
	}
	return ", and follows " + strings.Join(names, " and ")
}

// separator stands before item i of a list.
func separator(i int) string {
	if i == 0 {
		return "\n\n"
	}
	return "\n"
}

// eventDoc is one row of an agent's table.
func eventDoc(b *strings.Builder, h *mapper.Harness, row mapper.EventRow) {
	spec, _ := hook.Spec(row.Claude)
	before := spec.Grammar == hook.Permits
	asked := spec.Grammar == hook.Answers
	cells := []string{
		blockCell(spec, row.Can),
		cell(before, row.Can&mapper.CanAsk != 0, "refused"),
		cell(before || asked, row.Can&mapper.CanAllow != 0, "no"),
		cell(before || asked, row.Can&mapper.CanRewrite != 0, "refused"),
		cell(spec.Name == hook.PostToolUse, row.Can&mapper.CanReplace != 0, "told"),
		cell(spec.Context, row.Can&mapper.CanContext != 0 || row.Can&mapper.CanContinue != 0, waits(h, mapper.CanContext)),
		cell(spec.Halt && spec.Name != hook.TaskCompleted, row.Can&mapper.CanHalt != 0 || isPrompt(spec) && row.Can&mapper.CanDeny != 0, ends(spec)),
		cell(spec.Message, row.Can&mapper.CanTell != 0, waits(h, mapper.CanTell)),
	}
	native := "`" + row.Native + "`"
	if row.Can&mapper.NeverSent != 0 {
		native += ", **never seen**: hooks do not run"
	}
	fmt.Fprintf(b, "| %s | %s | %s |\n", row.Claude, native, strings.Join(cells, " | "))
}

// blockCell is what becomes of a block.
func blockCell(spec hook.EventSpec, can mapper.Ability) string {
	switch spec.Name {
	case hook.UserPromptSubmit:
		return cell(true, can&mapper.CanDeny != 0, "no calls")
	case hook.PostToolBatch: // a block there ends the turn
		return cell(true, can&mapper.CanHalt != 0, "no calls")
	case hook.PostToolUse, hook.PostToolUseFailure:
		return cell(true, can&(mapper.CanContinue|mapper.CanContext) != 0, "later")
	}
	return cell(spec.Grammar != hook.Observes, can&(mapper.CanDeny|mapper.CanContinue) != 0, "told")
}

// isPrompt reports whether an event is a prompt of the user's: its turn ends by not
// beginning.
func isPrompt(spec hook.EventSpec) bool {
	return spec.Name == hook.UserPromptSubmit || spec.Name == hook.UserPromptExpansion
}

// ends is what is done where a turn cannot be ended.
func ends(spec hook.EventSpec) string {
	if spec.Name == hook.Stop || spec.Name == hook.SubagentStop {
		return "**yes**" // it ends by itself: it is not sent back to work
	}
	return "no calls"
}

// waits says when a text is given that an event cannot carry.
func waits(h *mapper.Harness, what mapper.Ability) string {
	if slices.ContainsFunc(h.Events, func(row mapper.EventRow) bool { return row.Can&what != 0 }) {
		return "later"
	}
	return "stderr"
}

func cell(claude, can bool, instead string) string {
	switch {
	case !claude:
		return "–"
	case can:
		return "**yes**"
	}
	return instead
}

// unpaired are Claude's events that the agent has no event for.
func unpaired(h *mapper.Harness) []string {
	var out []string
	for _, spec := range hook.Events() {
		if _, ok := h.Can(spec.Name); !ok {
			out = append(out, string(spec.Name))
		}
	}
	return out
}

// toolsDoc is which of the agent's tools hooks see as which of Claude's.
func toolsDoc(b *strings.Builder, h *mapper.Harness) {
	var out []string
	for _, t := range h.Tools {
		if t.Native != t.Claude {
			out = append(out, fmt.Sprintf("`%s` as %s", t.Native, t.Claude))
		}
	}
	if len(out) > 0 {
		fmt.Fprintf(b, "\nTools: hooks see %s; a tool that is not named here by its own name.\n", strings.Join(out, ", "))
	}
}
