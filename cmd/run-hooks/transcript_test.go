package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What was kept of a session goes when nothing was added to it for 30 days.
func TestSweep(t *testing.T) {
	state := t.TempDir()
	old := time.Now().Add(-keptFor - time.Hour)
	put := func(name string, at time.Time) string {
		path := filepath.Join(state, name)
		if err := appendPrivately(path, []byte("{}\n")); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return path
	}
	gone := []string{put("opencode/a.jsonl", old), put("opencode/a/subagents/agent-b.jsonl", old), put("sessions/a/session-env/x.sh", old)}
	kept := []string{put("opencode/c.jsonl", time.Now()), put("trusted", old), put("opencode/d/subagents/agent-e.jsonl", time.Now())}
	for _, dir := range []string{"opencode/a/subagents", "opencode/a", "sessions/a/session-env", "sessions/a"} {
		if err := os.Chtimes(filepath.Join(state, dir), old, old); err != nil {
			t.Fatal(err)
		}
	}
	b := &bridge{program: &program{world: world{state: state}}}
	b.sweep()
	for _, path := range gone {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
	for _, path := range kept {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// A transcript is readable by the user alone, and so is its directory.
func TestTranscriptIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "opencode", "s.jsonl")
	for range 2 {
		if err := appendPrivately(path, []byte("x\n")); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "x\nx\n" {
		t.Errorf("%q, %v", text, err)
	}
}
