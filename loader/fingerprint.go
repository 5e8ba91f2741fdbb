package loader

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Fingerprint returns a text that changes when a file that Load(o) would look at
// appears, vanishes or changes. It opens none of them.
func Fingerprint(o Options) string {
	var paths []string
	for dir := o.Start; ; dir = filepath.Dir(dir) {
		for _, name := range configNames() {
			paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
		}
		if o.Exact || dir == filepath.Dir(dir) || exists(filepath.Join(dir, ".git")) {
			break
		}
	}
	if root := mainCheckout(o.Start); root != "" {
		paths = append(paths, filepath.Join(root, ".claude", "settings.local.json"))
	}
	if o.ConfigDir != "" {
		paths = append(paths, filepath.Join(o.ConfigDir, "settings.json"), filepath.Join(o.ConfigDir, "plugins", "installed_plugins.json"))
	}
	for _, p := range managedFiles(o.Managed) {
		paths = append(paths, p.path)
	}
	return FilePrint(paths...)
}

// Print is like Fingerprint for the files that c was made of, those of plugins
// among them.
func (c *Config) Print() string {
	var paths []string
	for _, f := range c.Files {
		paths = append(paths, f.Path)
	}
	return FilePrint(paths...)
}

// FilePrint returns a text that changes when one of the files does.
func FilePrint(paths ...string) string {
	var b strings.Builder
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			fmt.Fprintf(&b, "%s %d %d %v\n", p, info.ModTime().UnixNano(), info.Size(), inode(info))
		}
	}
	return b.String()
}
