package loader

import (
	"path/filepath"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
)

// The laws of conditions on commands, whatever the rule and the command line.
func FuzzConditionBash(f *testing.F) {
	for _, line := range []string{"echo HK", "ls $(echo HK)", "cat <<EOF\nEOF", "echo HK; (", "X=echo; $X HK", "a | b && c &", "[[ a ]]", "((1))", "`\\``", "f() { a; }"} {
		f.Add("git *", line)
		f.Add("git push", line)
	}
	f.Add(`a\*:*`, "a")
	f.Fuzz(func(t *testing.T, pattern, line string) {
		ev := toolEvent(t, hook.PreToolUse, "Bash", "command", line)
		at := conditionPlace{}
		for _, rule := range []string{"", "Bash", "Bash()", "Bash(*)"} {
			if ok, why := parseCondition(rule).holds(ev, at); !ok {
				t.Errorf("if %q: %s", rule, why)
			}
		}
		if ok, _ := parseCondition("Write("+pattern+")").holds(ev, at); ok {
			t.Errorf("if Write(%s) holds for Bash", pattern)
		}
		parser := syntax.NewParser(syntax.Variant(syntax.LangBash))
		if _, err := parser.Parse(strings.NewReader(line), ""); err != nil && !fitsCommand(pattern, line, at) {
			t.Errorf("%q does not match %q, which is no Bash: %v", pattern, line, err)
		}
	})
}

// A command is found wherever it stands.
func FuzzConditionBashPlace(f *testing.F) {
	f.Add("git", "push -f origin")
	f.Add("[", "-f x ]")
	f.Add("a.b/c-d", "x=1 'a b' \"c\"")
	f.Fuzz(func(t *testing.T, name, arguments string) {
		command, ok := oneCommand(name, arguments)
		if !ok {
			t.Skip("not one simple command")
		}
		for _, place := range []string{
			"@", "ls; @", "ls && @", "ls || @", "ls | @", "ls & @", "@ &", "ls\n@", "( @ )", "{ @ ; }", "! @",
			"if @ ; then ls; fi", "for i in a; do @ ; done", "f() { @ ; }", "ls $( @ )", "ls <( @ )", "A=b @", "@ >x",
			"case a in a) @ ;; esac", "time @", "ls \"$( @ )\"",
		} {
			line := strings.ReplaceAll(place, "@", command)
			for _, pattern := range []string{name, name + " *", name + ":*", name + "*", "*" + name + "*"} {
				if pattern == name && arguments != "" {
					pattern = command
				}
				if !fitsCommand(pattern, line, conditionPlace{}) {
					t.Errorf("%q does not match %q", pattern, line)
				}
			}
		}
	})
}

// oneCommand returns name and arguments as a command line, and whether that is
// one simple command on one line of which no part has a meaning in patterns.
func oneCommand(name, arguments string) (command string, ok bool) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_./[") != "" {
		return "", false
	}
	if strings.ContainsAny(arguments, "\n\r\\#*:\x00") || arguments != strings.Join(strings.Fields(arguments), " ") {
		return "", false
	}
	command = strings.TrimSpace(name + " " + arguments)
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(command), "")
	if err != nil || len(file.Stmts) != 1 || file.Stmts[0].Background || file.Stmts[0].Semicolon.IsValid() || len(file.Stmts[0].Redirs) > 0 {
		return "", false
	}
	call, isCall := file.Stmts[0].Cmd.(*syntax.CallExpr)
	return command, isCall && len(call.Assigns) == 0 && len(call.Args) > 0 && call.Args[0].Lit() == name
}

// The laws of conditions on files.
func FuzzConditionPath(f *testing.F) {
	for _, pattern := range []string{"*.ts", "src/**", "/src/", "//x", "~/x", "!a", "[a-", "{a,b}", `a\`, "**/a/**/b", "../x", "."} {
		f.Add(pattern, "src/a.ts")
	}
	f.Fuzz(func(t *testing.T, pattern, file string) {
		at := conditionPlace{cwd: "/nowhere/proj", project: "/nowhere/proj", home: "/nowhere/home"}
		ev := toolEvent(t, hook.PreToolUse, "Edit", "file_path", file)
		for _, rule := range []string{"Edit", "Edit(*)", "Edit(**)", "Edit(//**)"} {
			if ok, why := parseCondition(rule).holds(ev, at); !ok {
				t.Errorf("if %q for %q: %s", rule, file, why)
			}
		}
		fitsPath(pattern, file, at)

		// A file is matched by its own path, and by each directory that it is in.
		for dir, inner := at.resolve(file), ""; dir != inner; dir, inner = filepath.Dir(dir), dir {
			rule := "/" + escape(strings.ReplaceAll(filepath.ToSlash(dir), `\`, `\\`), "*?[")
			if strings.TrimSpace(rule) == rule && !fitsPath(rule, file, at) {
				t.Errorf("%q does not match %q", rule, file)
			}
		}
		if strings.HasPrefix(strings.TrimSpace(pattern), "!") && fitsPath(pattern, file, at) {
			t.Errorf("the negation %q matches %q", pattern, file)
		}
	})
}
