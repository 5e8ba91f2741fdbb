package loader

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// recordedFileRules are the conditions that were recorded against every call of
// the e10_if_file_* vectors; ROOT is the directory above the project.
func recordedFileRules(root string) []string {
	rules := []string{
		"Edit", "Edit(*)", "Edit(*.ts)", "Edit(**/*.ts)", "Edit(src/**)", "Edit(/src/**)", "Edit(./src/**)", "Edit(src/a.ts)",
		"Edit(/ROOT/proj/src/**)", "Edit(ROOT/proj/src/**)", "Edit(~/**)", "Write", "Write(*.ts)", "Write(src/**)", "Write(**)", "Read(*.ts)",
		"Read(src/**)", "Edit(a.ts)", "Edit(*.{ts,js})", "Edit(!(*.ts))", "Edit(src/*)", "Edit(SRC/**)", "Edit(../proj/**)", "MultiEdit(*.ts)",
		"Glob(*)", "Write(/ROOT/proj/src/a.ts)", "Edit(src)", "Edit(src/)", "edit(*.ts)",
	}
	for i := range rules {
		rules[i] = strings.ReplaceAll(rules[i], "ROOT", root)
	}
	return rules
}

func TestConditionFileRecorded(t *testing.T) {
	root := t.TempDir()
	at := conditionPlace{cwd: root + "/proj", project: root + "/proj", home: root + "/home"}
	edit := []string{
		"Edit", "Edit(*)", "Edit(*.ts)", "Edit(**/*.ts)", "Edit(src/**)", "Edit(/src/**)", "Edit(./src/**)", "Edit(src/a.ts)",
		"Edit(/" + root + "/proj/src/**)", "Edit(a.ts)", "Edit(src/*)", "Edit(SRC/**)", "Edit(src)", "Edit(src/)",
	}
	tests := []struct {
		vector, tool, field, value string
		want                       []string
	}{
		{"e10_if_file_edit", "Edit", "file_path", root + "/proj/src/a.ts", edit},
		{"e10_if_file_read", "Read", "file_path", root + "/proj/src/a.ts", []string{"Read(*.ts)", "Read(src/**)"}},
		{"e10_if_file_write", "Write", "file_path", root + "/proj/src/b.ts", []string{"Write", "Write(*.ts)", "Write(src/**)", "Write(**)"}},
		{"e10_if_file_write_rel", "Write", "file_path", root + "/proj/src/c.ts", []string{"Write", "Write(*.ts)", "Write(src/**)", "Write(**)"}},
		{"e10_if_file_write_rel", "Write", "file_path", "src/c.ts", []string{"Write", "Write(*.ts)", "Write(src/**)", "Write(**)"}},
		{"e10_if_file_write_outside", "Write", "file_path", root + "/other/src/n.ts", []string{"Write", "Write(*.ts)", "Write(**)"}},
		{"e10_if_file_bash_cat", "Bash", "command", "cat src/a.ts", nil},
	}
	for _, tt := range tests {
		t.Run(tt.vector, func(t *testing.T) {
			wantRules(t, toolEvent(t, hook.PreToolUse, tt.tool, tt.field, tt.value), at, recordedFileRules(root), tt.want)
		})
	}
}

func TestFitsPath(t *testing.T) {
	root := t.TempDir()
	at := conditionPlace{cwd: root + "/proj/sub", project: root + "/proj", home: root + "/home"}
	tests := []struct {
		pattern, file string // ROOT stands for the directory above
		want          bool
	}{
		{"~/**", "ROOT/home/x", true},
		{"~/.ssh/**", "~/.ssh/id", true},
		{"~/.ssh", "ROOT/home/.ssh/id", true},
		{"~", "ROOT/home/x", true},
		{"~/**", "ROOT/proj/x", false},
		{"/*.ts", "ROOT/proj/a.ts", true},
		{"/*.ts", "ROOT/proj/src/a.ts", false},
		{"/sub/*.ts", "a.ts", true},
		{"/a.ts", "a.ts", false},
		{"/", "ROOT/proj/x/y", true},
		{"/", "ROOT/other/y", false},
		{"//**", "ROOT/other/y", true},
		{"//ROOT", "ROOT/other/y", true},
		// From the current directory, and from the project.
		{"src/**", "src/a.ts", true},
		{"src/**", "ROOT/proj/src/a.ts", true},
		{"src/**", "ROOT/proj/x/src/a.ts", false},
		{"**/src/**", "ROOT/proj/x/src/a.ts", true},
		{".", "a", true},
		{"./", "ROOT/other/a", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/*/b", "a/x/y/b", false},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"**.ts", "x/a.ts", true},
		{"src/", "src", false},
		{"src", "src", true},
		{".env*", "ROOT/proj/x/.env.local", true},
		{"../x", "ROOT/proj/x", false},
		{"./../x", "ROOT/proj/x", false},
		// At any depth: below the project, or anywhere outside of it.
		{"proj", "ROOT/proj/a", false},
		{"other", "ROOT/other/a", true},
		{"**/other/**", "ROOT/other/a", true},
		{"other/**", "ROOT/other/a", false},
		{"other/", "ROOT/other/a", true},
		// No special meaning, or none for this file.
		{"!a", "b", false},
		{"{a,b}", "a", false},
		{"{a,b}", "{a,b}", true},
		{`\{a,b}`, "a", false},
		{"[ab].ts", "a.ts", true},
		{"[!ab].ts", "a.ts", false},
		{"[id].ts", "[id].ts", true},
		{"[id", "[id", true},
		{"[id", "i", false},
		{`a\`, `a\`, true},
		{`a\*`, "a*", true},
		{`a\*`, "ab", false},
		{"ÄÖ/*.TXT", "äö/b.txt", true},
		{" src/** ", "src/a", true},
		{"b", strings.Repeat("a/", maxPath/2+1), true},
		{"b", strings.Repeat("a/", maxPath/2-1), false},
	}
	for _, tt := range tests {
		pattern, file := strings.ReplaceAll(tt.pattern, "ROOT", root), strings.ReplaceAll(tt.file, "ROOT", root)
		if got := fitsPath(pattern, file, at); got != tt.want {
			t.Errorf("%q matches %.40q: %v", tt.pattern, tt.file, got)
		}
	}
}

func TestFitsPathLinks(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"proj/src", "secret"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for target, link := range map[string]string{"proj": "linked", "secret": "proj/open"} {
		if err := os.Symlink(filepath.Join(root, target), filepath.Join(root, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	tests := []struct {
		project, pattern, file string
		want                   bool
	}{
		{"/linked", "src/**", "/proj/src/new/a.ts", true},
		{"/proj", "src/**", "/linked/src/a.ts", true},
		{"/proj", "/" + root + "/secret/**", "/proj/open/x/y", true},
		{"/proj", "/" + root + "/proj/open/**", "/proj/open/x/y", true},
		{"/proj", "src/**", "/proj/open/x", false},
	}
	for _, tt := range tests {
		at := conditionPlace{cwd: root + tt.project, project: root + tt.project}
		if got := fitsPath(tt.pattern, root+tt.file, at); got != tt.want {
			t.Errorf("in %s, %q matches %q: %v", tt.project, tt.pattern, tt.file, got)
		}
	}
}

func TestConditionSearch(t *testing.T) {
	root := t.TempDir()
	at := conditionPlace{cwd: root + "/proj", project: root + "/proj"}
	tests := []struct {
		rule, tool string
		fields     []string
		want       bool
	}{
		{"Glob(*)", "Glob", []string{"pattern", "*.go"}, true},
		{"Glob(*.go)", "Glob", []string{"pattern", "**/*.go"}, true},
		{"Glob(**/*.go)", "Glob", []string{"pattern", "**/*.go"}, true},
		{"Glob(src/**)", "Glob", []string{"pattern", "src/*.go"}, true},
		{"Glob(src/**)", "Glob", []string{"pattern", "*.go", "path", "src"}, true},
		{"Glob(src/**)", "Glob", []string{"pattern", "*.go"}, false},
		{"Glob(//etc/**)", "Glob", []string{"pattern", "/etc/*"}, true},
		{"Grep(src/**)", "Grep", []string{"pattern", "x", "path", root + "/proj/src"}, true},
		{"Grep(src/)", "Grep", []string{"pattern", "x", "path", "src"}, true},
		{"Grep(*.go)", "Grep", []string{"pattern", "x", "glob", "*.go"}, true},
		{"Grep(*.go)", "Grep", []string{"pattern", "x.go"}, false},
		{"LS(src/)", "LS", []string{"path", "src"}, true},
		{"LS(src/)", "LS", []string{"path", "lib"}, false},
	}
	for _, tt := range tests {
		ev := toolEvent(t, hook.PreToolUse, tt.tool, tt.fields...)
		if ok, why := parseCondition(tt.rule).holds(ev, at); ok != tt.want {
			t.Errorf("if %q for %v: holds %v (%s)", tt.rule, slices.Clip(tt.fields), ok, why)
		}
	}
}

func TestConditionNotebook(t *testing.T) {
	at := conditionPlace{cwd: "/proj", project: "/proj"}
	ev := toolEvent(t, hook.PreToolUse, "NotebookEdit", "notebook_path", "/proj/src/a.ipynb")
	all := []string{"NotebookEdit", "NotebookEdit(*.ipynb)", "NotebookEdit(lib/**)", "Edit(*.ipynb)", "Edit"}
	wantRules(t, ev, at, all, []string{"NotebookEdit", "NotebookEdit(*.ipynb)"})
}
