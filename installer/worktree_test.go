package installer

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What Codex runs in a linked work tree is in the main checkout, if there is
// something in the work tree, too.
func TestCodexWorktree(t *testing.T) {
	dir := t.TempDir()
	for path, link := range map[string]string{
		"tree":     "gitdir: " + filepath.Join(dir, "main/.git/worktrees/tree") + "\n",
		"relative": "gitdir: ../main/.git/worktrees/relative\n",
		"module":   "gitdir: ../main/.git/modules/module\n",
		"ofbare":   "gitdir: ../bare.git/worktrees/ofbare\n",
		"broken":   "?\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, path, "sub"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path, ".git"), []byte(link), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "main/.git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for project, want := range map[string][]string{
		"main": {"main"}, "main/sub": {"main/sub"}, "module": {"module"}, "ofbare": {"ofbare"}, "broken": {"broken"},
		"tree": {"tree", "main"}, "tree/sub": {"tree/sub", "main/sub"}, "relative": {"relative", "main"},
	} {
		t.Run(project, func(t *testing.T) {
			if got := changedBy(t, dir, Options{Project: filepath.Join(dir, project)}); !slices.Equal(got, want) {
				t.Errorf("the bridge is put into %q, not %q", got, want)
			}
		})
	}
	tree := Options{Home: filepath.Join(dir, "home"), Project: filepath.Join(dir, "tree")}
	codex := agentNamed(t, "codex")
	if err := must(t, tree).Apply(); err != nil {
		t.Fatal(err)
	}
	if is, stale, err := codex.Bridged(tree); !is || stale || err != nil {
		t.Errorf("bridged in both: %v, stale %v, %v", is, stale, err)
	}
	if err := os.Remove(filepath.Join(dir, "main/.codex/hooks.json")); err != nil {
		t.Fatal(err)
	}
	if is, stale, err := codex.Bridged(tree); !is || !stale || err != nil {
		t.Errorf("bridged in the work tree alone: %v, stale %v, %v", is, stale, err)
	}
	tree.Remove = true
	if got := changedBy(t, dir, tree); !slices.Equal(got, []string{"tree"}) {
		t.Errorf("the bridge is taken out of %q", got)
	}
	if got := changedBy(t, dir, Options{Home: filepath.Join(dir, "home"), Project: tree.Project, Global: true}); !slices.Equal(got, []string{"home"}) {
		t.Errorf("the user's bridge is put into %q", got)
	}
}

func must(t *testing.T, o Options) Plan {
	t.Helper()
	plan, err := Codex(o)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// changedBy returns the directories whose .codex a plan changes, below dir.
func changedBy(t *testing.T, dir string, o Options) []string {
	t.Helper()
	var out []string
	for _, s := range must(t, o) {
		below, err := filepath.Rel(dir, filepath.Dir(filepath.Dir(s.Path)))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, below)
	}
	return out
}
