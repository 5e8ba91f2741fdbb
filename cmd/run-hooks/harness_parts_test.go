package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/mapper"
)

// TestHarnessParts walks the harnesses: each has golden vectors, scripts, an
// installer and a section in docs/harnesses.md, all by its one name. Claude's own
// dialect is what replay speaks, and has scripts of its own there.
func TestHarnessParts(t *testing.T) {
	docs, err := os.ReadFile("../../docs/harnesses.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range mapper.Harnesses() {
		if h.Name == "claude" {
			continue
		}
		for _, dir := range []string{"../../mapper/testdata", "../../testscripts"} {
			if files, _ := filepath.Glob(filepath.Join(dir, h.Name, "*.txtar")); len(files) == 0 {
				t.Errorf("%s has nothing in %s", h.Name, dir)
			}
		}
		if !slices.ContainsFunc(installer.Agents(), func(a installer.Agent) bool { return a.Name == h.Name }) {
			t.Errorf("%s has no installer", h.Name)
		}
		if !strings.Contains(string(docs), "`run-hooks init "+h.Name) {
			t.Errorf("%s is not in docs/harnesses.md", h.Name)
		}
	}
}
