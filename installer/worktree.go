package installer

import (
	"os"
	"path/filepath"
	"strings"
)

// inMainCheckout returns the place that dir, in a linked git work tree, has in the
// checkout the work tree was made from; "" where dir is in no such work tree.
func inMainCheckout(dir string) string {
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			below, err := filepath.Rel(root, dir)
			main := mainOf(root)
			if err != nil || main == "" {
				return ""
			}
			return filepath.Join(main, below)
		}
		if root == filepath.Dir(root) {
			return ""
		}
	}
}

// mainOf returns the main checkout of the linked work tree with this root, "" if it
// is none: its .git is a file that names <main>/.git/worktrees/<name>.
func mainOf(root string) string {
	text, err := os.ReadFile(filepath.Join(root, ".git"))
	gitdir, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if err != nil || !ok {
		return ""
	}
	if !filepath.IsAbs(gitdir) {
		gitdir = filepath.Join(root, gitdir)
	}
	trees := filepath.Dir(gitdir)
	if filepath.Base(trees) != "worktrees" || filepath.Base(filepath.Dir(trees)) != ".git" {
		return ""
	}
	return filepath.Dir(filepath.Dir(trees))
}
