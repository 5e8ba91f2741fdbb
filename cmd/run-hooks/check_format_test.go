package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/run-hooks/run-hooks/checker"
)

// On a terminal each finding shows its line with a caret below the place, tabs
// kept and keys hidden.
func TestSnippet(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "settings.json")
	const text = "{\"hooks\": {\"PreToolUse\": [\n" +
		"\t{\"matcher\": \"bash\", \"hooks\": [\n" +
		"\t\t{\"type\": \"command\", \"command\": \"curl -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz' https://x.example\"}]}]}}\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := checker.Check(checker.Options{Paths: []string{path}, Cwd: dir})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, f := range r.Findings {
		printSnippet(&got, f)
	}
	const want = "    2 | \t{\"matcher\": \"bash\", \"hooks\": [\n" +
		"      | \t             ^^^^\n" +
		"    3 | \t\t{\"type\": \"command\", \"command\": \"curl -H 'Authorization: Bearer **************************' https://x.example\"}]}]}}\n" +
		"      | \t\t                                                        ^^^^^^^\n"
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}
