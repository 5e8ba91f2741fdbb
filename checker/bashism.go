package checker

import (
	"fmt"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/run-hooks/run-hooks/loader"
)

// lintBashisms finds what /bin/sh, where it is dash, does not understand. Each
// row was tried with dash 0.5.12: what is fatal ends the shell with status 2,
// which blocks; the rest fails or means something else (§0.1).
func lintBashisms(p *program) {
	if p.lang != posix || guardsVersion(p) {
		return
	}
	seen := map[string]bool{}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		if n == nil {
			return true
		}
		what, fatal := bashism(n)
		if what == "" || seen[what] {
			return true
		}
		seen[what] = true
		right := "write it for /bin/sh, or run a script with bash"
		if fatal && p.blocksSomething() {
			p.addNode(n, loader.Error, "bashism", fmt.Sprintf("%s is bash's; commands run under /bin/sh", what), "where that is dash, "+p.exitTwo(), right)
		} else {
			p.addNode(n, loader.Warning, "bashism", fmt.Sprintf("%s is bash's; commands run under /bin/sh", what), "where that is dash, it fails or means something else", right)
		}
		return true
	})
}

// guardsVersion reports whether the text looks for bash itself before it uses it.
func guardsVersion(p *program) bool { return strings.Contains(p.text, "BASH_VERSION") }

// bashism returns what of bash's a node is, "" if nothing, and whether dash ends
// with status 2 at it.
func bashism(n syntax.Node) (what string, fatal bool) {
	switch n := n.(type) {
	case *syntax.ProcSubst:
		return "<(…)", true
	case *syntax.ArrayExpr:
		return "an array", true
	case *syntax.ExtGlob:
		return "an extended pattern", true
	case *syntax.CStyleLoop:
		return "for ((…))", true
	case *syntax.FuncDecl:
		return nonEmpty(n.RsrvWord, "the word function"), true
	case *syntax.ForClause:
		return nonEmpty(n.Select, "select"), true
	case *syntax.TestClause:
		return "[[ … ]]", false
	case *syntax.ArithmCmd:
		return "((…))", false
	case *syntax.SglQuoted:
		return nonEmpty(n.Dollar, "$'…'"), false
	case *syntax.BinaryCmd:
		return nonEmpty(n.Op == syntax.PipeAll, "|&"), true
	case *syntax.Redirect:
		return redirectBashism(n)
	case *syntax.ParamExp:
		return paramBashism(n)
	case *syntax.CallExpr:
		return callBashism(n)
	case *syntax.DeclClause:
		return declBashism(n)
	}
	return "", false
}

func nonEmpty(is bool, what string) string {
	if is {
		return what
	}
	return ""
}

func redirectBashism(n *syntax.Redirect) (string, bool) {
	switch n.Op {
	case syntax.WordHdoc:
		return "<<<", true
	case syntax.RdrAll, syntax.AppAll:
		return "&>", false
	}
	return "", false
}

// paramBashism finds the expansions that dash calls a bad substitution.
func paramBashism(n *syntax.ParamExp) (string, bool) {
	switch {
	case n.Slice != nil:
		return "${X:from:length}", true
	case n.Repl != nil:
		return "${X/from/to}", true
	case n.Index != nil:
		return "${X[…]}", true
	case n.Excl:
		return "${!X}", true
	case n.Exp != nil && slices.Contains([]syntax.ParExpOperator{syntax.UpperFirst, syntax.UpperAll, syntax.LowerFirst, syntax.LowerAll, syntax.OtherParamOps}, n.Exp.Op):
		return "${X^^}", true
	}
	return "", false
}

// callBashism finds commands that only bash has, and options only bash's take.
func callBashism(n *syntax.CallExpr) (string, bool) {
	name := commandName(n)
	second := ""
	if len(n.Args) > 1 {
		second = n.Args[1].Lit()
	}
	switch name {
	case "source", "pushd", "popd", "shopt", "mapfile", "readarray", "disown":
		return name, false
	case "set":
		return nonEmpty(slices.ContainsFunc(n.Args, func(w *syntax.Word) bool { return w.Lit() == "pipefail" }), "set -o pipefail"), true
	case "read":
		return nonEmpty(strings.HasPrefix(second, "-") && strings.ContainsAny(second, "dtnNaisu"), "read "+second), false
	case "[", "test":
		return nonEmpty(slices.ContainsFunc(n.Args, func(w *syntax.Word) bool { return w.Lit() == "==" }), "== in "+name), false
	}
	if len(n.Args) == 0 && slices.ContainsFunc(n.Assigns, func(a *syntax.Assign) bool { return a.Append }) {
		return "+=", false
	}
	return "", false
}

func declBashism(n *syntax.DeclClause) (string, bool) {
	switch word := n.Variant.Value; word {
	case "declare", "typeset", "nameref":
		return word, false
	}
	return "", false
}
