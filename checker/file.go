package checker

import (
	"path/filepath"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// A file is one config file under inspection.
type file struct {
	path string // absolute
	name string // as messages name it
	root string // the project directory it belongs to, absolute; "" if it is not known
	kind Kind
	row  fileName
	doc  *loader.Document // nil for what cannot be read
	was  *loader.File     // what the loader makes of it; nil for files of other agents
	out  []Finding
}

// A group is one matcher group of a file in Claude's shape.
type group struct {
	*file
	spec    hook.EventSpec
	node    loader.Node
	matcher loader.Node
}

// A handler is one handler of a group, well-formed or not.
type handler struct {
	group
	node loader.Node
	typ  hook.HandlerType
}

// add records a finding about n.
func (f *file) add(n loader.Node, severity loader.Severity, name, msg, cost, right string, fix ...Edit) {
	start, end := n.Span()
	f.addAt(start, end, severity, name, msg, cost, right, fix...)
}

// addAt records a finding about the bytes from start up to end.
func (f *file) addAt(start, end int, severity loader.Severity, name, msg, cost, right string, fix ...Edit) {
	if !f.doc.Editable() {
		fix = nil
	}
	f.out = append(f.out, Finding{
		Finding: loader.Finding{Pos: f.doc.Pos(start), Severity: severity, Name: name, Msg: msg, Cost: cost},
		Right:   right, Path: f.path, Width: f.width(start, end), Fix: fix,
	})
}

// addFile records a finding about the file as a whole.
func (f *file) addFile(severity loader.Severity, name, msg, cost, right string) {
	f.out = append(f.out, Finding{
		Finding: loader.Finding{Pos: hook.Pos{File: f.name, Line: 1, Col: 1}, Severity: severity, Name: name, Msg: msg, Cost: cost},
		Right:   right, Path: f.path, Width: 1,
	})
}

// width returns how many bytes of start's line a finding covers.
func (f *file) width(start, end int) int {
	text := f.doc.Text()
	for i := start; i < min(end, len(text)); i++ {
		if text[i] == '\n' {
			end = i
		}
	}
	return max(1, end-start)
}

// hooks returns the object of events, wherever this kind of file has it.
func (f *file) hooks() loader.Node {
	if f.doc == nil {
		return loader.Node{}
	}
	root := f.doc.Root()
	if f.kind == Factory && filepath.Base(f.path) == "hooks.json" && !root.Get("hooks").Exists() {
		return root
	}
	return root.Get("hooks")
}

// groups returns the matcher groups of the events Claude Code knows.
func (f *file) groups() []group {
	var out []group
	for _, event := range f.hooks().Members() {
		spec, ok := hook.Spec(hook.EventName(event.Name))
		if !ok {
			continue
		}
		for _, g := range event.Value.Elements() {
			if g.Kind() == '{' {
				out = append(out, group{f, spec, g, g.Get("matcher")})
			}
		}
	}
	return out
}

// handlers returns the group's handlers; a flat one, which stands where a group
// belongs, is its own.
func (g group) handlers() []handler {
	nodes := g.node.Get("hooks").Elements()
	if !g.node.Get("hooks").Exists() && g.node.Hooks() == 1 {
		nodes = []loader.Node{g.node}
	}
	var out []handler
	for _, n := range nodes {
		if n.Kind() == '{' {
			out = append(out, handler{g, n, typeOf(n)})
		}
	}
	return out
}

// typeOf returns the type of a handler; one without is taken for a command if
// it has one.
func typeOf(n loader.Node) hook.HandlerType {
	if t := n.Get("type").Text(); t != "" {
		return hook.HandlerType(t)
	}
	if n.Get("command").Exists() {
		return hook.Command
	}
	return ""
}

// blocks reports whether a hook of the event can stop something.
func blocks(spec hook.EventSpec) bool { return spec.Grammar != hook.Observes }

// personal reports whether the file is one user's own, on one machine.
func (f *file) personal() bool { return f.kind == Local || f.kind == User }
