package opencode

import (
	"bytes"
	"os/exec"
	"regexp"
	"testing"
)

// TestPlugin runs the plugin's own tests, which need Node 20 or later.
func TestPlugin(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node, which is not installed")
	}
	out, err := exec.Command(node, "--test", "--test-reporter=tap").CombinedOutput()
	if err != nil {
		t.Errorf("node --test: %v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("# fail 0")) {
		t.Errorf("node --test said nothing of its tests:\n%s", out)
	}
}

// The plugin is one file that loads without an installation.
func TestPluginImports(t *testing.T) {
	for _, m := range regexp.MustCompile(`(?m)^import .* from "(.*)"$`).FindAllSubmatch(Plugin, -1) {
		if !bytes.HasPrefix(m[1], []byte("node:")) {
			t.Errorf("the plugin imports %s", m[1])
		}
	}
	if bytes.Contains(Plugin, []byte("console.")) {
		t.Error("the plugin writes to the console: stdout is the answer of opencode run")
	}
}
