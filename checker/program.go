package checker

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// A language is what a program is written in.
type language string

const (
	posix      language = "sh" // run by /bin/sh, which is dash on many systems
	bash       language = "bash"
	python     language = "python"
	javascript language = "javascript"
	otherCode  language = ""
)

// A program is code that hooks run: a command of a config, or a script that one
// refers to.
type program struct {
	lang   language
	text   string
	inline bool
	tree   *syntax.File // of a shell program; nil if it could not be read
	uses   []handler    // the handlers that run it; at least one
	name   string       // words that tell what it is for: the file's name

	place  func(offset int) int // where a byte of text stands in its file
	report func(start, end int, severity loader.Severity, name, msg, cost, right string, fix ...Edit)
}

// add reports a finding about the bytes of text from start up to end.
func (p *program) add(start, end int, severity loader.Severity, name, msg, cost, right string, fix ...Edit) {
	p.report(p.place(start), p.place(end), severity, name, msg, cost, right, fix...)
}

// addNode reports a finding about a node of the shell's tree.
func (p *program) addNode(n syntax.Node, severity loader.Severity, name, msg, cost, right string) {
	p.add(int(n.Pos().Offset()), int(n.End().Offset()), severity, name, msg, cost, right)
}

// parse reads shell text. Text that only bash understands is a tree all the
// same: what of it /bin/sh does not is found one by one.
func (p *program) parse() error {
	if p.lang != posix && p.lang != bash {
		return nil
	}
	var err error
	p.tree, err = syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.KeepComments(true)).Parse(strings.NewReader(p.text), "")
	if err != nil {
		p.tree = nil
	}
	return err
}

// lint runs every lint for programs.
func (p *program) lint() {
	lintExit(p)
	lintStderr(p)
	lintFields(p)
	lintEnv(p)
	lintSecrets(p)
	if p.tree == nil {
		return
	}
	lintBashisms(p)
	lintQuoting(p)
	lintBackground(p)
	lintSwallow(p)
}

// blocksSomething reports whether a use of the program is on an event that can
// be stopped.
func (p *program) blocksSomething() bool {
	return slices.ContainsFunc(p.uses, func(h handler) bool { return blocks(h.spec) })
}

// events returns the events the program is run for.
func (p *program) events() []hook.EventSpec {
	var out []hook.EventSpec
	for _, h := range p.uses {
		if !slices.ContainsFunc(out, func(s hook.EventSpec) bool { return s.Name == h.spec.Name }) {
			out = append(out, h.spec)
		}
	}
	return out
}

// eventNames words the events the program is run for.
func (p *program) eventNames() string {
	var names []string
	for _, s := range p.events() {
		names = append(names, string(s.Name))
	}
	return strings.Join(names, ", ")
}

// source returns a node as it is written.
func (p *program) source(n syntax.Node) string {
	return p.text[n.Pos().Offset():min(int(n.End().Offset()), len(p.text))]
}

// exitTwo words what status 2 does for the uses of a program: it blocks where
// the event can be blocked.
func (p *program) exitTwo() string {
	for _, h := range p.uses {
		if blocks(h.spec) {
			return "it exits with 2 and so blocks every " + string(h.spec.Name)
		}
	}
	return "it fails each time"
}

// commandName returns the plain name of a call's program, "" if it is not plain.
func commandName(call *syntax.CallExpr) string {
	if len(call.Args) == 0 {
		return ""
	}
	name := call.Args[0].Lit()
	return name[strings.LastIndexByte(name, '/')+1:]
}

// plainText returns a word without its quotes, with variables as they are
// written; ok is false for one with other expansions.
func (p *program) plainText(w *syntax.Word) (text string, ok bool) {
	var b strings.Builder
	ok = true
	var walk func(parts []syntax.WordPart)
	walk = func(parts []syntax.WordPart) {
		for _, part := range parts {
			switch part := part.(type) {
			case *syntax.Lit:
				b.WriteString(part.Value)
			case *syntax.SglQuoted:
				b.WriteString(part.Value)
			case *syntax.DblQuoted:
				walk(part.Parts)
			default:
				b.WriteString(p.source(part))
				_, param := part.(*syntax.ParamExp)
				ok = ok && param
			}
		}
	}
	walk(w.Parts)
	return b.String(), ok
}
