package checker

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// refusal is what people write where something is to be blocked.
var refusal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bblock(?:ed|ing|s)?\b|\bden(?:y|ied|ies)\b|\bforbid(?:den)?\b|\brefus(?:e|ed|ing)\b|\breject(?:ed|ing)?\b|\bprohibited\b|\bprotected\b|\bdangerous\b|\bnot (?:allowed|permitted)\b|\bdisallowed\b|\bmust not\b|\bprevent(?:ed|ing)?\b`)
})

// says no: exit status 2, or a decision in JSON.
var denial = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\bexit\(?\s*2\b|"?permissionDecision"?\\*"?\s*[:=]|\\*"?decision\\*"?\s*:|exitCode\s*=\s*2|\breturn 2\b|"?continue\\*"?\s*:\s*[Ff]alse|behavior`)
})

// saysNo reports whether a program has a way to block.
func saysNo(p *program) bool { return denial().MatchString(p.text) }

// lintExit finds guards that exit with 1 where they mean to block: only 2 does.
func lintExit(p *program) {
	exits := p.exitsWithOne()
	events := p.blockingByTwo()
	if len(exits) == 0 || events == "" || saysNo(p) {
		return
	}
	for _, exit := range exits {
		text := p.around(exit[0])
		if refusal().MatchString(text) {
			p.add(exit[0], exit[1], loader.Warning, "exit-1-on-blocking-event", fmt.Sprintf("%s does not block, though the text says so", p.text[exit[0]:exit[1]]),
				fmt.Sprintf("on %s only exit status 2 blocks, and this goes on", events), "exit with 2")
			return
		}
	}
}

// blockingByTwo words the events of the program that exit status 2 blocks.
func (p *program) blockingByTwo() string {
	var names []string
	for _, s := range p.events() {
		if blocks(s) && s.Grammar != hook.Answers && s.Grammar != hook.MustSucceed {
			names = append(names, string(s.Name))
		}
	}
	return strings.Join(names, ", ")
}

var exitOne = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:sys\.|process\.|os\._)?exit\(1\)|\braise SystemExit\(1\)`)
})

// exitsWithOne returns where the program ends itself with status 1.
func (p *program) exitsWithOne() [][]int {
	if p.tree == nil {
		if p.lang == python || p.lang == javascript {
			return exitOne().FindAllStringIndex(p.text, -1)
		}
		return nil
	}
	var out [][]int
	if p.inline { // python3 -c "…", node -e "…"
		out = exitOne().FindAllStringIndex(p.text, -1)
	}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && commandName(call) == "exit" && len(call.Args) == 2 && call.Args[1].Lit() == "1" {
			out = append(out, []int{int(call.Pos().Offset()), int(call.End().Offset())})
		}
		return true
	})
	return out
}

// around returns the text that an exit belongs to: for an inline command all of
// it, for a script the few lines before it.
func (p *program) around(at int) string {
	if p.inline {
		return p.text
	}
	lines := strings.Split(p.text[:at], "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// decisionText is a decision in JSON as it stands in code.
var decisionText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\*"(?:permissionDecision|hookSpecificOutput|decision)\\*"\s*:`)
})

// lintStderr finds decisions in JSON that are written where no one reads them.
func lintStderr(p *program) {
	report := func(start, end int) {
		p.add(start, end, loader.Error, "decision-on-stderr", "the decision is written to stderr", "only stdout is read: "+p.ignored(), "write it to stdout")
	}
	if p.tree == nil {
		for _, at := range stderrCode().FindAllStringIndex(p.text, -1) {
			if decisionText().MatchString(p.text[at[0]:at[1]]) {
				report(at[0], at[1])
				return
			}
		}
		return
	}
	done := false
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		stmt, ok := n.(*syntax.Stmt)
		if done || !ok || !toStderr(stmt) || !decisionText().MatchString(unescaped(p.stmtText(stmt))) {
			return !done
		}
		done = true
		report(int(stmt.Pos().Offset()), int(stmt.End().Offset()))
		return false
	})
}

// unescaped undoes the escaping of quotes in a shell text.
func unescaped(text string) string { return strings.ReplaceAll(text, `\"`, `"`) }

func (p *program) ignored() string {
	if p.blocksSomething() {
		return "nothing is blocked by it"
	}
	return "it is not heeded"
}

// stmtText returns a statement as written, with its here-documents.
func (p *program) stmtText(stmt *syntax.Stmt) string {
	text := p.source(stmt)
	for _, r := range stmt.Redirs {
		if r.Hdoc != nil {
			text += p.source(r.Hdoc)
		}
	}
	return text
}

// toStderr reports whether a statement's output goes to stderr.
func toStderr(stmt *syntax.Stmt) bool {
	for _, r := range stmt.Redirs {
		if r.Op == syntax.DplOut && (r.N == nil || r.N.Value == "1") && r.Word.Lit() == "2" || r.Op == syntax.RdrOut && r.Word.Lit() == "/dev/stderr" {
			return true
		}
	}
	return false
}

// stderrCode is a statement of Python or JavaScript that writes to stderr.
var stderrCode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)print\([^\n]{0,400}?file\s*=\s*sys\.stderr|sys\.stderr\.write\([^\n]*|console\.error\([^\n]*|process\.stderr\.write\([^\n]*|json\.dump\([^\n]*sys\.stderr`)
})
