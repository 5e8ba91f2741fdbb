package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// repository makes a project with n config files of ten hooks and a script each.
func repository(b *testing.B, n int) string {
	dir := b.TempDir()
	for i := range n {
		sub := dir
		if i > 0 {
			sub = filepath.Join(dir, fmt.Sprintf("app%03d", i))
		}
		if err := os.MkdirAll(filepath.Join(sub, ".claude", "hooks"), 0o755); err != nil {
			b.Fatal(err)
		}
		text := `{"permissions": {"deny": ["Read(.env)"]}, "hooks": {"PreToolUse": [`
		for j := range 10 {
			if j > 0 {
				text += ","
			}
			text += fmt.Sprintf("\n  {\"matcher\": \"Bash|Edit.*\", \"hooks\": [{\"type\": \"command\", \"command\": \"input=$(cat); [ %d -gt 3 ] && echo \\\"$input\\\" | jq -r .tool_input.command | \\\"$CLAUDE_PROJECT_DIR\\\"/.claude/hooks/guard.sh\"}]}", j)
		}
		script := "#!/bin/bash\nset -euo pipefail\ninput=$(cat)\nfor i in 1 2 3; do\n  case \"$input\" in *rm*) echo no >&2; exit 2 ;; esac\ndone\n"
		if err := os.WriteFile(filepath.Join(sub, ".claude", "settings.json"), []byte(text+"\n]}}\n"), 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sub, ".claude", "hooks", "guard.sh"), []byte(script), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{1, 456} {
		b.Run(fmt.Sprintf("files=%d", n), func(b *testing.B) {
			dir := repository(b, n)
			for b.Loop() {
				r, err := Check(Options{Paths: []string{dir}, Cwd: dir})
				if err != nil || r.Files != n {
					b.Fatalf("%d files, %v", r.Files, err)
				}
			}
		})
	}
}
