package loader

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// recordedRules are the conditions that were recorded against every command of
// the e10_if_bash_* vectors.
func recordedRules() []string {
	return []string{
		"Bash", "Bash(*)", "Bash()", "Bash(echo *)", "Bash(echo:*)", "Bash(echo HK)", "Bash(echo)", "Bash(git *)",
		"Bash(git status)", "Bash(git:*)", "Bash(ech*)", "Bash(echo*)", "bash(echo *)", "Bash(*HK*)", "Bash( echo *)", "Bash(echo *) ",
		"Write", "Write(*)", "*", "", "Bash(", "echo *", "Bash(echo *)|Write", "Bash(echo *), Bash(git *)",
		"Bash(/echo/)", "Bash(rm *)", "!Bash(echo *)", "Bash(command:echo *)", "Bash(FOO=*)", "Bash(ls *)", "Bash(cat *)", "mcp__echo",
	}
}

func TestConditionBashRecorded(t *testing.T) {
	all := []string{"", "Bash", "Bash(*)", "Bash()"}
	echo := slices.Concat(all, []string{"Bash(echo *)", "Bash(echo:*)", "Bash(echo HK)", "Bash(ech*)", "Bash(echo*)", "Bash(*HK*)", "Bash( echo *)"})
	every := slices.DeleteFunc(recordedRules(), func(rule string) bool {
		return rule != "" && parseCondition(rule).tool != "Bash"
	})
	tests := []struct {
		vector, command string
		want            []string
	}{
		{"e10_if_bash_simple", "echo HK", echo},
		{"e10_if_bash_compound", "cd /tmp && git status; echo HK", slices.Concat(echo, []string{"Bash(git *)", "Bash(git:*)", "Bash(git status)"})},
		{"e10_if_bash_pipe", "echo HK | cat -n", slices.Concat(echo, []string{"Bash(cat *)"})},
		{"e10_if_bash_env", "FOO=bar echo HK", echo},
		{"e10_if_bash_quoted", "'echo' HK", echo},
		{"e10_if_bash_loop", "for i in 1; do echo HK; done", echo},
		{"e10_if_bash_newline", "true\necho HK", echo},
		{"e10_if_bash_redirect", "echo HK > /dev/null", echo},
		{"e10_if_bash_var", "X=echo; $X HK", echo},
		{"§10.2 absolute path", "/bin/echo HK", slices.Concat(all, []string{"Bash(*HK*)"})},
		{"e10_if_bash_sudo", "timeout 5 echo HK", slices.Concat(all, []string{"Bash(*HK*)"})},
		{"§10.2 bash -c", "bash -c 'echo HK'", slices.Concat(all, []string{"Bash(*HK*)"})},
		{"§10.2 comment", "true # echo HK", all},
		{"e10_if_bash_heredoc", "cat <<EOF\necho HK\nEOF", every},
		{"e10_if_bash_unparsable", "echo HK; (", every},
		// Patterns without a wildcard, and with one inside, match; those with one
		// at the end are compared (§14).
		{"e10_if_bash_subst", "ls $(echo HK)", slices.Concat(echo, []string{
			"Bash(ls *)", "Bash(echo)", "Bash(git status)", "Bash(/echo/)", "Bash(echo *), Bash(git *)"})},
		{"§14 backquotes", "ls `echo HK`", slices.Concat(echo, []string{
			"Bash(ls *)", "Bash(echo)", "Bash(git status)", "Bash(/echo/)", "Bash(echo *), Bash(git *)"})},
	}
	for _, tt := range tests {
		t.Run(tt.vector, func(t *testing.T) {
			ev := toolEvent(t, hook.PreToolUse, "Bash", "command", tt.command)
			wantRules(t, ev, conditionPlace{}, recordedRules(), tt.want)
		})
	}
}

// A commandCase is a pattern, a command line, and whether the one holds for the other.
type commandCase struct {
	pattern, line string
	want          bool
}

func wantCommands(t *testing.T, tests []commandCase) {
	t.Helper()
	for _, tt := range tests {
		if got := fitsCommand(tt.pattern, tt.line, conditionPlace{}); got != tt.want {
			t.Errorf("Bash(%s) holds for %q: %v", tt.pattern, tt.line, got)
		}
	}
}

// A command counts wherever it stands; what is only a text does not.
func TestBashPlaces(t *testing.T) {
	wantCommands(t, []commandCase{
		{"git push", "git push", true},
		{"git push", "a && git push", true},
		{"git push", "a || git push", true},
		{"git push", "a & git push &", true},
		{"git push", "a |& git push", true},
		{"git push", "! git push", true},
		{"git push", "(cd x; git push)", true},
		{"git push", "{ git push; }", true},
		{"git push", "if a; then git push; fi", true},
		{"git push", "if git push; then a; fi", true},
		{"git push", "while a; do git push; done", true},
		{"git push", "case a in a) git push;; esac", true},
		{"git push", "f() { git push; }; f", true},
		{"git push", "time git push", true},
		{"time *", "time git push", true},
		{"git *", "coproc git push", true},
		{"git *", "[[ a = $(git push) ]]", true},
		{"git *", "x=$(git push) ls", true},
		{"git *", "ls > $(git push)", true},
		{"git *", "cat <(git push)", true},
		{"git *", "echo ${x:-$(git push)}", true},
		{"git *", "echo \"a `git push`\"", true},
		{"git *", "echo $((1 + $(git push)))", true},
		{"git *", "cat <<< $(git push)", true},
		{"git *", "eval git push", false},
		{"git *", "echo 'git push'", false},
		{"git *", "echo git push", false},
	})
}

// Words are compared as the command gets them, and as they are written.
func TestBashWords(t *testing.T) {
	wantCommands(t, []commandCase{
		{"git push", `g"i"t 'pu''sh'`, true},
		{"git push", `\git p\ush`, true},
		{"git push", "git \\\n  push", true},
		{"git push", "git   push", true},
		{"git push", ">log git 2>&1 push", true},
		{"git commit -m a b", `git commit -m "a b"`, true},
		{`git commit -m "a*`, `git commit -m "a b"`, true},
		{`echo a"b\c`, `echo "a\"b\c"`, true},
		{"echo a", "echo $'a'", true}, // not read: as a word that varies
		{"ls *.go", "ls a.go", true},
		{"ls a.go", "ls *.go", false},
		{"[ -f x ]", "[ -f x ]", true},
		{"git *", "[ -f x ]", false},
		{"[[ *", "[[ -f x ]]", true},
		{"export FOO=*", "export FOO=bar", true},
		{"declare *", "declare -x A=b", true},
		{"FOO=*", "FOO=bar", true},
		{"FOO=*", "FOO=bar ls", false},
		{"a && git*", "a && git push", true},
		{"git push *-f*", "git push origin; rm -f x", false},
	})
}

// Where words vary only names of commands are compared (reference §5.4).
func TestBashVarying(t *testing.T) {
	wantCommands(t, []commandCase{
		{"rm *", "echo $(date)", false},
		{"rm *", "echo $(rm -rf /)", true},
		{"cat *", "echo before $(date) after", false},
		{"git push *", "echo $(date)", true},
		{"git push *", "echo $HOME", true},
		{"git push:*", "echo \"$HOME\"", true},
		{"git *", "echo $HOME", false},
		{"git *", "$TOOL git push", true},
		{"git *", "\"$TOOL\" push", true},
		{"git *", "$(echo git) push", true},
		{"git *", "g$x push", true},
		{"git *", "gi? push", true},
		{"git *", "{git,push}", true},
		{"git *", "$'\\x67it' push", true},
		{"git push *", "ls *.go", false},
	})
}

// A variable counts as its value where that is certain.
func TestBashVariables(t *testing.T) {
	wantCommands(t, []commandCase{
		{"git *", "X=git; $X push", true},
		{"git push", "X=git; ${X} push", true},
		{"git push", "X='git  push'; $X", true},
		{"git push", "X=git Y=push; $X $Y", true},
		{"git push", "X=git && $X push", true},
		{"ls", "X=git; $X push", false},
		{"ls", "D=/tmp && cd $D && git status", false},
		{"ls", "X=git; X=ls; $X push", true},
		{"ls *", "X=git; read X; $X", true},
		{"ls *", "X=git; unset X; $X", true},
		{"ls *", "false && X=git; $X", true},
		{"ls *", "if a; then X=git; fi; $X", true},
		{"ls *", "(X=git); $X", true},
		{"ls *", "X=git | a; $X", true},
		{"ls *", "X=git & $X", true},
		{"ls *", "$X; X=git", true},
		{"ls *", "X=git a; $X", true},
		{"ls *", "X+=git; $X", true},
		{"ls *", "X=(git); $X", true},
		{"ls *", "X=$Y; $X", true},
		{"ls *", "X=; $X ls", true},
		{"ls *", "X=*; $X", true},
		{"ls *", "X=git; ${X/git/ls}", true},
		{"ls *", "X=git; ${!X}", true},
		{"ls *", "X=git; for X in ls; do $X; done", true},
	})
}

// What is no Bash, and what the parser reads otherwise than Bash, matches.
func TestBashOpaque(t *testing.T) {
	wantCommands(t, []commandCase{
		{"git *", "echo '", true},
		{"git *", "if", true},
		{"git *", "cat <<-'EOF'\nx\nEOF", true},
		{"git *", "cat <<EOF\nEOF", true},
		{"git *", "a \xff", true},
		{"git *", "true # x \\\ngit push", true},
		{"git *", "true # x \\\\\ngit push", true},
		{"git *", "true # x\nls", false},
		{"git *", "echo $\\\n(git push)", true},
		{"git *", "echo \"$\\\n{X}\"", true},
		{"git *", "\r# x; git push", true},
		{"git *", "coproc 2>&1 git push", true},
		{"git *", "cat <<< x", false},
		{"git *", "# git push", false},
		{"git *", " ", false},
	})
}

// No command line may overflow the stack: that ends the program with status 2,
// and cannot be recovered from. The limit set here is a sixteenth of Go's own;
// running into it ends the test binary.
func TestConditionBashNesting(t *testing.T) {
	defer debug.SetMaxStack(debug.SetMaxStack(64 << 20))
	tests := []struct{ before, repeated, after string }{
		{"", "(", ""}, {"", "((", ""}, {"((", "(", ""}, {"", "{ ", ""}, {"", "$(", ""}, {"", "$((", ""}, {"", "$[", ""},
		{"", "`", ""}, {"", "\"$(", ""}, {"", "${a:-", ""}, {"", "${a[", ""}, {"", "<(", ""}, {"", "a[", ""},
		{"", "if ", ""}, {"", "while ", ""}, {"", "if a;then b;elif ", ""}, {"", "case a in a) ", ""},
		{"", "f()", ""}, {"", "f(){ ", ""}, {"", "coproc ", ""},
		{"", "time ", "a"}, {"", "a&&", "a"}, {"", "a||", "a"}, {"", "a|", "a"}, {"", "a;", "a"}, {"", "X=1;", "$X"},
		{"((", "1+", "1))"}, {"((", "- ", "1))"}, {"((", "1?1:", "1))"}, {"((", "a=", "1))"}, {"((", "1,", "1))"},
		{"[[ ", "! ", "a ]]"}, {"[[ ", "a && ", "a ]]"}, {"[[ ", "( ", "a ]]"},
	}
	for _, tt := range tests {
		n := (maxLine - len(tt.before) - len(tt.after)) / len(tt.repeated)
		s, err := parseScript(tt.before + strings.Repeat(tt.repeated, n) + tt.after)
		if err == nil && !s.fits(parseCommandPattern("*")) {
			t.Errorf("%q…: * does not match", tt.before+tt.repeated)
		}
	}
	deep := strings.Repeat("(", 2000) + "ls" + strings.Repeat(")", 2000)
	long := "ls " + strings.Repeat("x", maxLine)
	for _, line := range []string{deep, long} {
		if !fitsCommand("git *", line, conditionPlace{}) {
			t.Errorf("git * does not match %.10q…, which is too much to analyse", line)
		}
	}
	nested := strings.Repeat("( ", 100) + "ls" + strings.Repeat(" )", 100)
	chain := strings.Repeat("ls && ", 1000) + "ls"
	for _, line := range []string{nested, chain} {
		if fitsCommand("git *", line, conditionPlace{}) {
			t.Errorf("git * matches %.10q…, which can be analysed", line)
		}
	}
}
