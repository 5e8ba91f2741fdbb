package e2e

import (
	"regexp"
	"strings"
	"testing"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// shown reports whether a terminal client has written a text, whatever moves and
// colours it there, or redraws it letter by letter: blanks are not compared.
func (p *process) shown(want string) bool {
	escape := regexp.MustCompile("\x1b(\\[[0-9;:?<>= ]*\\$?[@-~]|[\\]_P][^\x07\x1b]*(\x07|\x1b\\\\)|[()].|.)")
	plain := escape.ReplaceAllString(p.said(), "")
	return strings.Contains(strings.Join(strings.Fields(plain), ""), strings.Join(strings.Fields(want), ""))
}

func (l *lab) untilShown(p *process, want string) {
	l.Helper()
	l.until("the screen to show "+want, func() bool { return p.shown(want) })
}

func (l *lab) types(p *process, keys string) {
	l.Helper()
	if _, err := p.stdin.Write([]byte(keys)); err != nil {
		l.Fatal(err)
	}
}

func TestOpenCodeTUI(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"SessionStart":     `echo '{"systemMessage":"hooks are watching","hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"welcome"}}'`,
		"UserPromptSubmit": `if grep -q AKIA; then echo 'there is a key' >&2; exit 2; fi`,
		"PreToolUse:Bash":  `if grep -q 'rm -rf'; then echo 'no deleting' >&2; exit 2; fi`,
		"Stop":             onceThen(refuses("look again"), "true"), "SessionEnd": "",
	}), bash("rm -rf README.md"), say("one"), say("two"))
	p := l.terminal()
	l.untilShown(p, "Ask anything")
	l.types(p, "hello")
	l.untilShown(p, "hello")
	l.types(p, "\r")
	l.untilAsked(3)
	l.contains("the first request", l.request(1).Text(), "welcome")
	l.contains("the result", l.toolResult("1", 2), "no deleting")
	l.contains("the continuation", l.request(3).Text(), "look again")
	l.untilSeen(hook.Stop, 2)
	l.untilShown(p, "two")
	l.untilShown(p, "hooks are watching")

	l.types(p, "AKIA1234")
	l.untilShown(p, "AKIA1234")
	l.types(p, "\r")
	l.untilShown(p, "there is a key")
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times", n)
	}
	l.leaves(p)
	l.is(l.one(hook.SessionEnd), map[string]string{"reason": `"prompt_input_exit"`})
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// leaves presses ctrl+c until the client ends: the first may only clear what was
// typed, and a second one while it is ending would cut that short.
func (l *lab) leaves(p *process) {
	l.Helper()
	for range 6 {
		l.types(p, "\x03")
		select {
		case <-p.ended:
			return
		case <-time.After(10 * time.Second):
		}
	}
	l.Fatal("the client does not end")
}
