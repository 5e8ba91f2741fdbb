package checker

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

// filters returns the filters of the calls of jq that read the payload: from
// stdin as it is, or from a variable that holds it.
func (p *program) filters() []*syntax.Word {
	foreign := map[*syntax.CallExpr]bool{}
	payload := p.payloadVariables()
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryCmd:
			if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
				left, leftOK := lastCall(n.X)
				right, rightOK := firstCall(n.Y)
				if rightOK && (!leftOK || !p.feeds(left, payload)) {
					foreign[right] = true
				}
			}
		case *syntax.Stmt:
			call, ok := n.Cmd.(*syntax.CallExpr)
			if ok && slices.ContainsFunc(n.Redirs, func(r *syntax.Redirect) bool { return p.redirectsOther(r, payload) }) {
				foreign[call] = true
			}
		}
		return true
	})
	var out []*syntax.Word
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && commandName(call) == "jq" && !foreign[call] {
			if filter := jqFilter(call.Args[1:]); filter != nil {
				out = append(out, filter)
			}
		}
		return true
	})
	return out
}

// redirectsOther reports whether a redirection gives a call something else than
// the payload to read.
func (p *program) redirectsOther(r *syntax.Redirect, payload map[string]bool) bool {
	switch r.Op {
	case syntax.WordHdoc:
		return !p.holds(r.Word, payload)
	case syntax.RdrIn, syntax.Hdoc, syntax.DashHdoc:
		return r.Word.Lit() != "/dev/stdin"
	}
	return false
}

// lastCall returns the call whose output a statement's is.
func lastCall(stmt *syntax.Stmt) (*syntax.CallExpr, bool) {
	if pipe, ok := stmt.Cmd.(*syntax.BinaryCmd); ok {
		return lastCall(pipe.Y)
	}
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	return call, ok
}

// firstCall returns the call that reads a statement's input.
func firstCall(stmt *syntax.Stmt) (*syntax.CallExpr, bool) {
	if pipe, ok := stmt.Cmd.(*syntax.BinaryCmd); ok {
		return firstCall(pipe.X)
	}
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	return call, ok
}

// feeds reports whether a call passes the payload on.
func (p *program) feeds(call *syntax.CallExpr, payload map[string]bool) bool {
	switch commandName(call) {
	case "cat":
		return len(call.Args) == 1 || len(call.Args) == 2 && call.Args[1].Lit() == "-"
	case "tee":
		return true
	case "echo", "printf":
		return slices.ContainsFunc(call.Args[1:], func(w *syntax.Word) bool { return p.holds(w, payload) })
	}
	return false
}

// holds reports whether a word is a variable that holds the payload.
func (p *program) holds(w *syntax.Word, payload map[string]bool) bool {
	text, _ := p.plainText(w)
	return payload[strings.Trim(text, "${}\n")]
}

// payloadVariables returns the variables that are read from stdin and nothing else.
func (p *program) payloadVariables() map[string]bool {
	out := map[string]bool{}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && n.Value != nil {
				fromStdin := stdinText().MatchString(p.source(n.Value))
				before, again := out[n.Name.Value]
				out[n.Name.Value] = fromStdin && (before || !again)
			}
		case *syntax.CallExpr:
			if commandName(n) == "read" && len(n.Args) > 1 {
				out[n.Args[len(n.Args)-1].Lit()] = true
			}
		}
		return true
	})
	return out
}

// stdinText is a substitution that reads stdin whole.
var stdinText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^\"?(?:\\$\\(|`)\\s*(?:timeout \\S+ )?(?:cat(?: -)?|cat /dev/stdin|<\\s*/dev/stdin)\\s*(?:2>/dev/null)?\\s*(?:\\|\\| (?:true|:|echo [^)]*))?\\s*(?:\\)|`)\"?$")
})

// jqFilter returns the filter among jq's arguments, nil if files follow it or it
// comes from one.
func jqFilter(args []*syntax.Word) *syntax.Word {
	var filter *syntax.Word
	for i := 0; i < len(args); i++ {
		switch text := args[i].Lit(); {
		case slices.Contains([]string{"--arg", "--argjson", "--slurpfile", "--rawfile"}, text):
			i += 2
		case text == "--indent":
			i++
		case text == "-n" || text == "--null-input" || text == "-f" || text == "--from-file" || text == "--args" || text == "--jsonargs" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "n"):
			return nil
		case strings.HasPrefix(text, "-"):
		case filter == nil:
			filter = args[i]
		default:
			return nil
		}
	}
	return filter
}
