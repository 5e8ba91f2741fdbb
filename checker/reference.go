package checker

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/run-hooks/run-hooks/loader"
)

// A finder walks the calls of a command and resolves the scripts they run.
type finder struct {
	*program
	h       handler
	scripts scriptSet
	base    string          // the directory relative paths are relative to; "" if it is not known
	moved   bool            // the command changed directory itself
	tested  map[string]bool // paths the command asks about before it runs them
}

// findScripts finds the scripts that a command runs and judges each reference.
func (p *program) findScripts(h handler, scripts scriptSet) {
	f := finder{program: p, h: h, scripts: scripts, base: h.root, tested: map[string]bool{}}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && slices.Contains([]string{"[", "test"}, commandName(call)) {
			f.test(call.Args)
		}
		if clause, ok := n.(*syntax.UnaryTest); ok {
			f.test([]*syntax.Word{asWord(clause.X)})
		}
		return true
	})
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok {
			f.call(call)
		}
		return true
	})
}

func asWord(x syntax.TestExpr) *syntax.Word {
	w, ok := x.(*syntax.Word)
	if !ok {
		return &syntax.Word{}
	}
	return w
}

// test notes the paths of a test.
func (f *finder) test(words []*syntax.Word) {
	for _, w := range words {
		text, _ := f.plainText(w)
		f.tested[text] = true
	}
}

// call resolves the script that one call runs, if it runs one.
func (f *finder) call(call *syntax.CallExpr) {
	args := call.Args
	switch name := commandName(call); {
	case len(args) == 0:
		return
	case name == "cd":
		f.changeDir(args)
		return
	case name == "bash" || name == "sh" || name == "zsh":
		if i := slices.IndexFunc(args, func(w *syntax.Word) bool { l := w.Lit(); return strings.HasPrefix(l, "-") && strings.HasSuffix(l, "c") }); i >= 0 && i+1 < len(args) {
			return // a text of its own
		}
	}
	runner := ""
	for i, w := range args {
		text, _ := f.plainText(w)
		switch {
		case i == 0 && strings.Contains(text, "/") && !isRunner(filepath.Base(text)):
			f.refer(w, text, "")
			return
		case i == 0 && !isRunner(text[strings.LastIndexByte(text, '/')+1:]):
			return
		case isRunner(text[strings.LastIndexByte(text, '/')+1:]):
			runner = runnerAfter(runner, text)
		case text == "-c" || text == "-e" || text == "-m" || text == "-p" || text == "--eval":
			return // code, or a module
		case strings.HasPrefix(text, "-") || strings.Contains(text, "=") || isNumber(strings.TrimRight(text, "smh")) || text == "run":
		default:
			if isScript(text) || strings.Contains(text, "/") && runner != "npx" && runner != "bunx" {
				f.refer(w, text, runner)
			}
			return
		}
	}
}

// runnerAfter keeps the last program of a chain such as "env timeout 5 python3".
func runnerAfter(before, word string) string {
	word = filepath.Base(word)
	if slices.Contains([]string{"exec", "env", "command", "time", "timeout", "nohup", "nice", "setsid"}, word) {
		return before
	}
	return word
}

// isRunner reports whether a program runs the file or the command that follows.
func isRunner(name string) bool {
	return slices.Contains(strings.Fields(`bash sh dash zsh ksh node nodejs python python3 python2 py ruby perl php deno bun bunx tsx ts-node npx
uv uvx poetry exec env command time timeout nohup nice setsid source .`), name) || strings.HasPrefix(name, "python3.")
}

// changeDir follows a cd to a known directory.
func (f *finder) changeDir(args []*syntax.Word) {
	f.moved, f.base = true, ""
	if len(args) == 2 {
		text, _ := f.plainText(args[1])
		if path, ok := f.expand(text); ok {
			f.base = path
		}
	}
}

// refer judges the word that names a script.
func (f *finder) refer(w *syntax.Word, text, runner string) {
	start, end := int(w.Pos().Offset()), int(w.End().Offset())
	relative := !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "~") && !strings.HasPrefix(text, "$") && !strings.HasPrefix(text, "`")
	if relative && !f.moved && !strings.ContainsAny(text, `\{<%`) && !f.tested[text] {
		f.lintRelative(w, text, runner)
	}
	path, ok := f.expand(text)
	if !ok || f.h.root == "" || f.tested[text] {
		return
	}
	f.scripts.refer(f.h, reference{path: path, runner: runner, start: f.place(start), end: f.place(end)})
}

// lintRelative reports a path that depends on where the session stands.
func (f *finder) lintRelative(w *syntax.Word, text, runner string) {
	root := "$CLAUDE_PROJECT_DIR"
	switch f.h.kind {
	case Plugin:
		root = "${CLAUDE_PLUGIN_ROOT}"
	case Codex:
		root = "$(git rev-parse --show-toplevel)"
	}
	clean := strings.TrimPrefix(text, "./")
	f.addNode(w, loader.Warning, "relative-path", fmt.Sprintf("%s is relative to the session's current directory", text),
		"after a cd "+missingCost(f.h, runner), fmt.Sprintf(`write "%s"/%s`, root, clean))
}

// expand resolves a path with the variables whose value is known; ok is false
// for one that depends on the machine.
func (f *finder) expand(text string) (path string, ok bool) {
	root := f.h.root
	if f.h.kind == Plugin && !strings.Contains(text, "CLAUDE_PLUGIN_ROOT") || f.h.kind != Plugin && strings.Contains(text, "PLUGIN_ROOT") ||
		f.h.kind == Codex && strings.Contains(text, "CLAUDE_PROJECT_DIR") {
		return "", false // of a project or a plugin that is not here, or not set
	}
	for _, form := range rootForms() {
		if rest, found := strings.CutPrefix(text, form); found {
			text = root + rest
			break
		}
	}
	switch {
	case root == "" || text == "" || strings.ContainsAny(text, "$`*?{}~%<>\\\n"):
		return "", false
	case strings.HasPrefix(text, "/"):
		return text, strings.HasPrefix(text, root)
	case f.base == "":
		return "", false
	}
	return filepath.Join(f.base, filepath.FromSlash(text)), true
}

// rootForms are the ways to write the root of the project or plugin.
func rootForms() []string {
	return []string{
		"${CLAUDE_PROJECT_DIR:-.}", "${CLAUDE_PROJECT_DIR:-$PWD}", "${CLAUDE_PROJECT_DIR:-$(pwd)}", "${CLAUDE_PROJECT_DIR}", "$CLAUDE_PROJECT_DIR",
		"${CLAUDE_PLUGIN_ROOT}", "$CLAUDE_PLUGIN_ROOT", "$(git rev-parse --show-toplevel)", "`git rev-parse --show-toplevel`", "$(git rev-parse --show-toplevel 2>/dev/null)",
		"$(git rev-parse --show-toplevel 2>/dev/null || pwd)",
	}
}
