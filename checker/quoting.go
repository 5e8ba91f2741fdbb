package checker

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintQuoting finds the directories that may have blanks in their names and
// stand without quotes: the shell splits them.
func lintQuoting(p *program) {
	if !p.inline {
		return
	}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			for _, w := range n.Args {
				lintWordQuoting(p, w)
			}
		case *syntax.Redirect:
			if n.Word != nil && n.Hdoc == nil {
				lintWordQuoting(p, n.Word)
			}
		}
		return true
	})
}

// lintWordQuoting judges one word that the shell splits at blanks.
func lintWordQuoting(p *program, w *syntax.Word) {
	for _, part := range w.Parts {
		param, ok := part.(*syntax.ParamExp)
		if !ok || param.Param == nil {
			continue
		}
		lint := map[string]string{"CLAUDE_PROJECT_DIR": "project-dir-unquoted", "CLAUDE_PLUGIN_ROOT": "plugin-root-unquoted"}[param.Param.Value]
		if lint == "" {
			continue
		}
		start, end := int(param.Pos().Offset()), int(param.End().Offset())
		written := p.text[start:end]
		p.add(start, end, loader.Warning, lint, written+" stands without quotes", "where the directory's name has a blank, "+p.splitCost(w),
			fmt.Sprintf(`write "%s"`, written), Edit{p.place(start), p.place(end), `\"` + written + `\"`})
	}
}

// splitCost says what a path that falls apart does.
func (p *program) splitCost(w *syntax.Word) string {
	before := strings.TrimSpace(p.text[:w.Pos().Offset()])
	runner := before[strings.LastIndexAny(before, " /;&|")+1:]
	for _, h := range p.uses {
		return missingCost(h, runner)
	}
	return ""
}

// lintBackground finds children left behind.
func lintBackground(p *program) {
	if !p.inline {
		return
	}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		stmt, ok := n.(*syntax.Stmt)
		if ok && stmt.Background {
			p.addNode(stmt, loader.Info, "background-process", "a process is left behind", "it is not waited for, and it may hold the hook's output open", "")
		}
		return true
	})
}

// lintSwallow finds guards whose status is thrown away.
func lintSwallow(p *program) {
	if !p.inline || !p.blocksSomething() || p.uses[0].spec.Name == hook.PostToolUse {
		return
	}
	for _, stmt := range p.tree.Stmts {
		or, ok := stmt.Cmd.(*syntax.BinaryCmd)
		if !ok || or.Op != syntax.OrStmt || !runsScript(p.source(or.X)) || saysNo(p) {
			continue
		}
		call, ok := or.Y.Cmd.(*syntax.CallExpr)
		name := ""
		if ok {
			name = commandName(call)
		}
		if name == "true" || name == ":" || name == "exit" && len(call.Args) == 2 && call.Args[1].Lit() == "0" || name == "echo" {
			p.addNode(or.Y, loader.Info, "swallows-failure", fmt.Sprintf("%q throws the status away", "|| "+p.source(or.Y)), "exit status 2 of what stands before it blocks nothing", "")
		}
	}
}

// runsScript reports whether a shell text runs a script of the project's.
func runsScript(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if isScript(strings.Trim(word, `"';`)) {
			return true
		}
	}
	return false
}
