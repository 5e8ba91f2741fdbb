package installer

import (
	"os"
	"path/filepath"
	"strings"
)

// workTree is the root of the git work tree that dir is in, "" if it is in none.
func workTree(dir string) string {
	for {
		if exists(filepath.Join(dir, ".git")) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// inMainCheckout returns the place that dir, in a linked git work tree, has in the
// checkout the work tree was made from; "" where dir is in no such work tree.
func inMainCheckout(dir string) string {
	root := workTree(dir)
	if root == "" {
		return ""
	}
	below, err := filepath.Rel(root, dir)
	main := mainOf(root)
	if err != nil || main == "" {
		return ""
	}
	return filepath.Join(main, below)
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
