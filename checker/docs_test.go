package checker_test

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/run-hooks/run-hooks/checker"
)

// docsFile is made from the scripts by UPDATE_DOCS=1 go test ./checker -run TestDocs.
const docsFile = "../docs/checks.md"

// Every lint has a script of its name that shows it, and the page of all of them
// says what the scripts say.
func TestDocs(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(docsHead)
	for _, lint := range checker.Lints() {
		fmt.Fprintf(&page, "| [`%s`](#%s) | %s |\n", lint.Name, lint.Name, lint.What)
	}
	for _, lint := range checker.Lints() {
		archive, err := txtar.ParseFile(filepath.Join("../testscripts/check", lint.Name+".txtar"))
		if err != nil {
			t.Errorf("lint %s has no script: %v", lint.Name, err)
			continue
		}
		if want := fileIn(archive, "want.txt"); !strings.Contains(want, "["+lint.Name+"]") {
			t.Errorf("the script of %s does not show it: %s", lint.Name, want)
		}
		writeLint(&page, lint, archive)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(docsFile, page.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page.Bytes()) {
		t.Error("docs/checks.md is not what the scripts say; UPDATE_DOCS=1 go test ./checker -run TestDocs writes it")
	}
}

// What the loader reports has a name that is listed, and so can be silenced.
func TestLoaderNames(t *testing.T) {
	files, err := filepath.Glob("../loader/*.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, lint := range checker.Lints() {
		listed[lint.Name] = true
	}
	name := regexp.MustCompile(`Name: +"([a-z-]+)", Msg|, "([a-z]+-[a-z-]+)", (?:fmt\.Sprintf\()?[` + "`" + `"]`)
	found := 0
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllStringSubmatch(string(code), -1) {
			if found++; !listed[m[1]+m[2]] && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s reports %q, which is no lint", file, m[1]+m[2])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d names were found in the loader's code", found)
	}
}

const docsHead = `# Checks

<!-- Made from testscripts/check by UPDATE_DOCS=1 go test ./checker -run TestDocs. Do not edit. -->

What ` + "`run-hooks check`" + ` finds. Each finding says what was found, what it costs, and what would be right; every
example here is a test. An *error* switches hooks off or keeps a guard from blocking, a *warning* works by luck
or otherwise than it seems, an *info* is a note. § is a section of the measured record of Claude Code 2.1.328.

A lint is silenced for some files by ` + "`.run-hooks.json`" + `, with a reason; see [` + "`silence`" + `](#silence).

| lint | finds |
|---|---|
`

// writeLint writes the section of one lint.
func writeLint(page *bytes.Buffer, lint checker.Lint, archive *txtar.Archive) {
	fmt.Fprintf(page, "\n## %s\n\n%s\n", lint.Name, prose(string(archive.Comment)))
	for _, side := range []struct{ dir, head string }{{"bad/", ""}, {"good/", "Right:\n"}} {
		if side.head != "" {
			fmt.Fprintf(page, "\n```text\n%s```\n\n%s", findings(fileIn(archive, "want.txt")), side.head)
		}
		for _, f := range archive.Files {
			name, ok := strings.CutPrefix(f.Name, side.dir)
			if ok && (side.dir == "bad/" || fileIn(archive, "bad/"+name) != string(f.Data)) {
				fmt.Fprintf(page, "\n`%s`\n\n```%s\n%s```\n", name, strings.TrimPrefix(path.Ext(name), "."), f.Data)
			}
		}
	}
}

// prose returns the comment at the head of a script.
func prose(comment string) string {
	var lines []string
	for line := range strings.Lines(comment) {
		text, ok := strings.CutPrefix(line, "#")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(text))
	}
	return strings.Join(lines, "\n")
}

// findings drops the last line of a report, which counts.
func findings(report string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(report, "\n"), "\n")
	return strings.Join(lines[:max(0, len(lines)-1)], "")
}

func fileIn(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}
