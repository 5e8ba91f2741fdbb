package loader

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// wordText returns a word as the command gets it, without quotes, and whether
// all of it is known. Unknown parts are given as they are written. Names with
// wildcards (*.go) are not expanded.
func (s *script) wordText(w *syntax.Word) (text string, known bool) {
	return s.partsText(w.Parts, false)
}

func (s *script) partsText(parts []syntax.WordPart, quoted bool) (text string, known bool) {
	var b strings.Builder
	known = true
	for _, part := range parts {
		t, ok := s.partText(part, quoted)
		b.WriteString(t)
		known = known && ok
	}
	return b.String(), known
}

func (s *script) partText(part syntax.WordPart, quoted bool) (text string, known bool) {
	switch p := part.(type) {
	case *syntax.Lit:
		return unescape(p.Value, quoted), true
	case *syntax.SglQuoted:
		return p.Value, !p.Dollar
	case *syntax.DblQuoted:
		return s.partsText(p.Parts, true)
	case *syntax.ParamExp:
		if value, ok := s.value(p); ok && quoted {
			return value, true
		} else if ok {
			return strings.Join(strings.Fields(value), " "), true
		}
	}
	return s.slice(part), false
}

// unescape removes backslashes as the shell does, within double quotes only
// before the characters that are special there.
func unescape(text string, quoted bool) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		last := i+1 == len(text)
		if text[i] == '\\' && !last && (!quoted || strings.IndexByte("$`\"\\", text[i+1]) >= 0) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// expands reports whether the shell may make other words of w: a wildcard or
// braces outside of quotes. "[" is a program.
func expands(w *syntax.Word) bool {
	for _, part := range w.Parts {
		if lit, ok := part.(*syntax.Lit); ok && lit.Value != "[" && strings.ContainsAny(lit.Value, "*?[{") {
			return true
		}
	}
	return false
}

// value returns the value of a plain $X or ${X}, if it is fixed.
func (s *script) value(p *syntax.ParamExp) (value string, ok bool) {
	if !isPlain(p) {
		return "", false
	}
	value, ok = s.fixed[p.Param.Value]
	return value, ok
}

func isPlain(p *syntax.ParamExp) bool {
	return p.Param != nil && p.Index == nil && p.Exp == nil && p.Slice == nil && p.Repl == nil &&
		!p.Excl && !p.Length && !p.Width && p.Names == 0
}

// fixedVariables finds the variables that are assigned a known value once, at
// the start of a statement that is always run, and are only ever used as $X
// after that (e10_if_bash_var "X=echo; $X HK"). A name that occurs anywhere
// else in the line, be it in a text, is not fixed.
func (s *script) fixedVariables(file *syntax.File, nodes []syntax.Node) map[string]string {
	fixed := map[string]string{}
	assigned := map[string]uint{}
	for _, stmt := range file.Stmts {
		for _, a := range plainAssigns(stmt) {
			value, known := s.wordText(a.Value)
			if known && value != "" && !strings.ContainsAny(value, "*?[~") {
				fixed[a.Name.Value], assigned[a.Name.Value] = value, a.End().Offset()
			}
		}
	}
	if len(fixed) == 0 {
		return nil
	}
	uses := map[string]int{}
	for _, node := range nodes {
		if p, ok := node.(*syntax.ParamExp); ok && isPlain(p) && p.Pos().Offset() >= assigned[p.Param.Value] {
			uses[p.Param.Value]++
		}
	}
	named := countNames(s.line)
	for name := range fixed {
		if named[name] != uses[name]+1 {
			delete(fixed, name)
		}
	}
	return fixed
}

// plainAssigns returns the assignments NAME=value that stmt is sure to do: it is
// nothing else, or a chain of && that begins with them.
func plainAssigns(stmt *syntax.Stmt) []*syntax.Assign {
	for {
		chain, ok := stmt.Cmd.(*syntax.BinaryCmd)
		if !ok || chain.Op != syntax.AndStmt || stmt.Background || stmt.Negated {
			break
		}
		stmt = chain.X
	}
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) > 0 || len(stmt.Redirs) > 0 || stmt.Background {
		return nil
	}
	var plain []*syntax.Assign
	for _, a := range call.Assigns {
		if a.Value != nil && a.Index == nil && !a.Append {
			plain = append(plain, a)
		}
	}
	return plain
}

// countNames counts how often each word that could be a variable's name stands
// in line, in whatever place.
func countNames(line string) map[string]int {
	named := map[string]int{}
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return !isNameRune(r) }) {
		named[word]++
	}
	return named
}

func isNameRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
