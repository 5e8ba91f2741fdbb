// Package patterns has nothing but the test of this folder's README.
package patterns

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A step is a command of the README and what it says that the command prints.
type step struct{ command, output string }

// steps returns the README's commands: lines of code blocks that begin with "$ ",
// and the lines of the block up to the next one.
func steps(readme string) []step {
	var out []step
	for line := range strings.Lines(readme) {
		code, ok := strings.CutPrefix(line, "    ")
		command, begins := strings.CutPrefix(code, "$ ")
		switch {
		case ok && begins:
			out = append(out, step{command: command})
		case ok && len(out) > 0:
			out[len(out)-1].output += code
		case strings.HasPrefix(line, "## Under another agent"):
			return out
		}
	}
	return out
}

// TestReadme types what the README says, in a copy of this folder, and compares
// all that is printed but the times.
func TestReadme(t *testing.T) {
	dir := t.TempDir()
	bin, project := filepath.Join(dir, "bin"), filepath.Join(dir, "project")
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "run-hooks"), "../../cmd/run-hooks")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if err := os.CopyFS(project, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := steps(string(readme))
	if len(all) == 0 {
		t.Fatal("no commands in the README")
	}
	times := regexp.MustCompile(`[0-9.]+ m?s\b`)
	for _, s := range all {
		cmd := exec.Command("sh", "-c", s.command)
		cmd.Dir = project
		cmd.Env = []string{"HOME=" + filepath.Join(dir, "home"), "PATH=" + bin + ":" + os.Getenv("PATH"), "LANG=C"}
		out, _ := cmd.CombinedOutput() // 2 is the status of a denial, which the output tells
		if got, want := times.ReplaceAllString(string(out), "N ms"), times.ReplaceAllString(s.output, "N ms"); got != want {
			t.Errorf("$ %sprints\n%s\nnot\n%s", s.command, got, want)
		}
	}
}
