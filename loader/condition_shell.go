package loader

import (
	"errors"
	"runtime"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fitsCommand reports whether some command of a Bash command line matches
// pattern (§10.2). A line that cannot be analysed, or that has a here-document,
// matches every pattern (e10_if_bash_unparsable, e10_if_bash_heredoc).
func fitsCommand(pattern, line string, _ conditionPlace) bool {
	s, err := parseScript(line)
	return err != nil || s.fits(parseCommandPattern(pattern))
}

// A commandPattern is a pattern for texts: the pieces of literal text between
// its wildcards. Each wildcard stands for any text, blanks, line ends and none
// at all included.
type commandPattern []string

// parseCommandPattern reads text. ":*" at the end is " *" (reference §5.4); a
// backslash takes the meaning from a star or a backslash.
func parseCommandPattern(text string) commandPattern {
	text = strings.TrimSpace(text)
	if head, ok := strings.CutSuffix(text, ":*"); ok {
		text = strings.TrimSpace(head + " *")
	}
	var pieces commandPattern
	var piece strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '*' || text[i+1] == '\\'):
			i++
			piece.WriteByte(text[i])
		case text[i] == '*':
			pieces = append(pieces, piece.String())
			piece.Reset()
		default:
			piece.WriteByte(text[i])
		}
	}
	return append(pieces, piece.String())
}

// matches reports whether text as a whole is what the pattern says. " *" at the
// end also stands for nothing: "git *" matches "git" (reference §5.4).
func (p commandPattern) matches(text string) bool {
	last := p[len(p)-1]
	if last == "" {
		text += " "
	}
	text, ok := strings.CutPrefix(text, p[0])
	if len(p) == 1 {
		return ok && text == ""
	}
	for _, piece := range p[1 : len(p)-1] {
		_, after, found := strings.Cut(text, piece)
		text, ok = after, ok && found
	}
	return ok && strings.HasSuffix(text, last)
}

// isName reports whether the pattern is about nothing but a command's name:
// "git *", "git:*", "git*".
func (p commandPattern) isName() bool {
	return len(p) == 2 && p[1] == "" && !strings.ContainsAny(strings.TrimSuffix(p[0], " "), " \t\n")
}

// spans reports whether the pattern is about a line of several commands, such as
// "cd * && git push *". None is on record; it is compared with the whole line.
func (p commandPattern) spans() bool {
	return strings.ContainsAny(strings.Join(p, ""), ";|&\n")
}

// A script is what can be known of a command line without running it.
type script struct {
	line     string
	fixed    map[string]string // variables that have one known value wherever they are used
	commands []simpleCommand
	opaque   bool // it has a part that is not analysed, such as a here-document
	varies   bool // some part is known only when the line runs: $(…), `…`, $VAR
}

// A simpleCommand is one command of a script, wherever it stands, without
// assignments before it and redirections.
type simpleCommand struct {
	known   bool   // it is certain which program this runs
	text    string // name and arguments, quotes removed, one blank between them
	written string // the same with quotes
}

// fits reports whether p matches one of the commands.
//
// Where a part of the line varies, only its commands' names can be compared: a
// pattern that asks for more matches, and so does any pattern if a name varies
// (§14 on §10.2, e10_if_bash_subst; reference §5.4).
func (s *script) fits(p commandPattern) bool {
	if s.opaque || s.varies && !p.isName() {
		return true
	}
	for _, c := range s.commands {
		if !c.known || p.matches(c.text) || p.matches(c.written) {
			return true
		}
	}
	return p.spans() && p.matches(s.line)
}

// maxLine is the longest command line that is analysed, in bytes: what Linux
// allows as one argument of a program.
const maxLine = 128 << 10

// maxNesting is how many calls of the parser, and how many nodes of its tree, may
// be within each other: room for hundreds of levels of nesting, and for chains
// of two thousand commands.
const maxNesting = 5000

var (
	errTooLong = errors.New("the command line is too long to be analysed")
	errTooDeep = errors.New("the command line is nested too deep to be analysed")
	// errMisread stands for what the parser is known to read otherwise than Bash:
	// a dollar before an escaped line end, and carriage returns. visit has two more.
	errMisread = errors.New("the command line cannot be analysed with certainty")
)

// A shallowReader gives a parser its input until the parser has called itself
// maxNesting deep. A stack overflow could not be recovered from, and would end
// the program with the exit status that blocks.
type shallowReader struct{ *strings.Reader }

func (r shallowReader) Read(p []byte) (int, error) {
	var pc [1]uintptr
	if runtime.Callers(maxNesting, pc[:]) > 0 {
		return 0, errTooDeep
	}
	return r.Reader.Read(p)
}

// parseScript reads line as Bash would. An error means that it is no valid
// Bash, or is too much to analyse.
func parseScript(line string) (*script, error) {
	if len(line) > maxLine {
		return nil, errTooLong
	}
	if strings.Contains(line, "$\\\n") || strings.Contains(line, "\r") {
		return nil, errMisread
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.KeepComments(true))
	file, err := parser.Parse(shallowReader{strings.NewReader(line)}, "")
	if err != nil {
		return nil, err
	}
	nodes, err := flatten(file)
	if err != nil {
		return nil, err
	}
	s := &script{line: line}
	s.fixed = s.fixedVariables(file, nodes)
	for _, n := range nodes {
		s.visit(n)
	}
	return s, nil
}

// flatten returns all nodes of a tree, in the order of the text: the commands of
// loops, functions and substitutions too.
func flatten(file *syntax.File) ([]syntax.Node, error) {
	var nodes []syntax.Node
	var err error
	depth := 0
	syntax.Walk(file, func(n syntax.Node) bool {
		switch {
		case n == nil:
			depth--
			return false
		case depth == maxNesting:
			err = errTooDeep
			return false
		}
		depth++
		nodes = append(nodes, n)
		return true
	})
	return nodes, err
}

// visit takes what is of interest in node itself.
func (s *script) visit(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.Redirect:
		s.opaque = s.opaque || n.Op == syntax.Hdoc || n.Op == syntax.DashHdoc
	case *syntax.Comment: // with a backslash at its end, it would go on in the next line
		s.opaque = s.opaque || strings.HasSuffix(n.Text, "\n")
	case *syntax.CoprocClause:
		s.opaque = true
	case *syntax.CallExpr:
		s.call(n)
	case *syntax.DeclClause, *syntax.LetClause, *syntax.TestClause, *syntax.ArithmCmd, *syntax.TimeClause:
		text := s.slice(n)
		s.commands = append(s.commands, simpleCommand{true, text, text})
	case *syntax.CmdSubst, *syntax.ProcSubst, *syntax.ArithmExp:
		s.varies = true
	case *syntax.ParamExp:
		_, ok := s.value(n)
		s.varies = s.varies || !ok
	case *syntax.SglQuoted:
		s.varies = s.varies || n.Dollar
	}
}

// call takes a simple command. Assignments before a command are not part of it;
// assignments alone are a command of their own.
func (s *script) call(n *syntax.CallExpr) {
	if len(n.Args) == 0 {
		text := s.slice(n)
		s.commands = append(s.commands, simpleCommand{true, text, text})
		return
	}
	var text, written []string
	c := simpleCommand{known: true}
	for i, w := range n.Args {
		t, ok := s.wordText(w)
		if i == 0 {
			c.known = ok && !expands(w)
		}
		text, written = append(text, t), append(written, s.slice(w))
	}
	c.text, c.written = strings.Join(text, " "), strings.Join(written, " ")
	s.commands = append(s.commands, c)
}

// slice returns node as it is written.
func (s *script) slice(node syntax.Node) string {
	start, end := int(node.Pos().Offset()), int(node.End().Offset())
	if start > end || end > len(s.line) {
		return ""
	}
	return s.line[start:end]
}
