package loader

import (
	"slices"
	"testing"
	"time"

	hook "github.com/run-hooks/run-hooks"
)

// variants returns handlers that differ from one another in one field or a few,
// each field with two values, so that any two of them show what the key is made of.
func variants() []hook.Handler {
	all := []hook.Handler{{Type: hook.Command, Event: hook.PreToolUse, Command: "hk a"}}
	vary := func(change func(*hook.Handler)) {
		for _, h := range slices.Clone(all) {
			change(&h)
			all = append(all, h)
		}
	}
	vary(func(h *hook.Handler) { h.Command = "hk a " })
	vary(func(h *hook.Handler) { h.If = "Bash" })
	vary(func(h *hook.Handler) { h.Shell = "bash" })
	vary(func(h *hook.Handler) { h.Exec, h.Args = true, []string{} })
	for _, h := range slices.Clone(all) {
		if h.Exec {
			h.Args = []string{"a"}
			all = append(all, h)
		} else {
			h.Shell = "powershell"
			all = append(all, h)
		}
	}
	vary(func(h *hook.Handler) { h.Timeout = 3 * time.Second })
	vary(func(h *hook.Handler) { h.Async, h.StatusMessage, h.Matcher, h.FailClosed = true, "busy", "*", true })
	return all
}

// sameHook is the rule of §4: same text, same arguments, same shell with none
// meaning bash, same condition; nothing else counts. Where there are arguments no
// shell is used, so it does not count, either (e13_args_dedup_shell).
func sameHook(a, b hook.Handler) bool {
	shell := func(h hook.Handler) string {
		if h.Shell == "" || h.Exec {
			return "bash"
		}
		return h.Shell
	}
	return a.Command == b.Command && a.If == b.If && a.Exec == b.Exec && slices.Equal(a.Args, b.Args) && shell(a) == shell(b)
}

// TestDedupKey holds the rule for every pair of variants.
func TestDedupKey(t *testing.T) {
	all := variants()
	for _, a := range all {
		for _, b := range all {
			if same := dedupKey(&a) == dedupKey(&b); same != sameHook(a, b) {
				t.Fatalf("same key %v, same hook %v:\n%+v\n%+v", same, sameHook(a, b), a, b)
			}
		}
	}
}

// TestDedupKeyParts: what stands in one field cannot be mistaken for another.
func TestDedupKeyParts(t *testing.T) {
	all := []hook.Handler{
		{Type: hook.Command, Command: "a", If: "b"},
		{Type: hook.Command, Command: "ab"},
		{Type: hook.Command, Command: "a\x00b"},
		{Type: hook.Command, Command: "a", Exec: true, Args: []string{"b", "c"}},
		{Type: hook.Command, Command: "a", Exec: true, Args: []string{"bc"}},
		{Type: hook.Command, Command: "a", Exec: true, Args: []string{"b\x00c"}},
		{Type: hook.Command, Command: "a", Exec: true, Args: []string{""}},
		{Type: hook.Command, Command: "a", Exec: true, Args: []string{"", ""}},
		{Type: hook.Command, Command: "a", Exec: true},
		{Type: hook.HTTP, URL: "a"},
		{Type: hook.Prompt, Prompt: "a"},
		{Type: hook.Agent, Prompt: "a"},
		{Type: hook.MCPTool, Server: "a", Tool: "b/c"},
		{Type: hook.MCPTool, Server: "a/b", Tool: "c"},
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if dedupKey(&a) == dedupKey(&b) {
				t.Errorf("one key for two hooks:\n%+v\n%+v", a, b)
			}
		}
	}
}

// FuzzDedup: of any handlers as many run as there are different ones, each is the
// last of its kind, and of each one that does not run another one is.
func FuzzDedup(f *testing.F) {
	f.Add([]byte{0, 0})
	f.Add([]byte{0, 1, 2, 3, 2, 1, 0})
	f.Add([]byte{4, 40, 80, 90, 4})
	f.Fuzz(func(t *testing.T, picks []byte) {
		all := variants()
		c := &Config{}
		for _, p := range picks {
			c.entries = append(c.entries, entry{Handler: all[int(p)%len(all)]})
		}
		choices := c.Match(toolEvent(t, hook.PreToolUse, "Bash", "command", "ls"))
		for i, a := range choices {
			later := slices.ContainsFunc(choices[i+1:], func(b Choice) bool { return sameHook(a.Handler, b.Handler) })
			if a.Run == later || a.Duplicate != later || (a.Why == "") != a.Run {
				t.Fatalf("handler %d of %d: later again %v, %+v", i, len(choices), later, a)
			}
		}
	})
}
