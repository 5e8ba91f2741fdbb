package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// A server is `opencode serve` and one session in it.
type server struct {
	*lab
	url     string
	session string
}

func (l *lab) serve(env ...string) *server {
	l.Helper()
	p := l.launch(env, "serve", "--port", "0", "--hostname", "127.0.0.1")
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	l.until("the server", func() bool { return url.MatchString(p.said()) })
	s := &server{lab: l, url: url.FindString(p.said())}
	s.session = text(s.call("POST", "/session", `{}`), "id")
	return s
}

// call is one request to the server.
func (s *server) call(method, path, body string) hook.Object {
	s.Helper()
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		s.Fatalf("%s %s: %s %v\n%s", method, path, res.Status, err, all)
	}
	o, _ := hook.ParseObject(all)
	return o
}

func (s *server) prompt(said string) {
	s.Helper()
	body, _ := json.Marshal(map[string]any{"parts": []any{map[string]any{"type": "text", "text": said}}})
	s.call("POST", "/session/"+s.session+"/message", string(body))
}

// later sends a prompt and does not wait for its answer.
func (s *server) later(said string) {
	s.Helper()
	body, _ := json.Marshal(map[string]any{"parts": []any{map[string]any{"type": "text", "text": said}}})
	s.call("POST", "/session/"+s.session+"/prompt_async", string(body))
}

// untilIdle waits until no turn is under way.
func (s *server) untilIdle() {
	s.Helper()
	s.until("the session to be idle", func() bool { return len(s.call("GET", "/session/status", "")) == 0 })
}

// untilAsked waits until the model was asked n times.
func (l *lab) untilAsked(n int) {
	l.Helper()
	l.until("the model to be asked", func() bool { return len(l.model.Requests(fakemodel.Main)) >= n })
}

func (l *lab) untilSeen(event hook.EventName, n int) {
	l.Helper()
	l.until(string(event), func() bool { return len(l.seen(event)) >= n })
}

func TestOpenCodeServeStop(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": onceThen(refuses("go on"), "true"), "SessionEnd": "", "PreCompact": "", "SessionStart:compact": "echo 'begin again'"}), say("one"), say("two"))
	s := l.serve()
	s.prompt("hello")
	l.untilAsked(2)
	l.contains("the continuation", l.request(2).Text(), "Stop hook feedback:\n")
	l.contains("the continuation", l.request(2).Text(), "go on")
	l.untilSeen(hook.Stop, 2)
	l.is(l.seen(hook.Stop)[1], map[string]string{"stop_hook_active": "true", "last_assistant_message": `"two"`})

	s.call("POST", "/session/"+s.session+"/summarize", `{"providerID":"lab","modelID":"lab-model"}`)
	l.is(l.one(hook.PreCompact), map[string]string{"trigger": `"manual"`})
	s.prompt("next")
	all := l.model.Requests(fakemodel.Main)
	l.contains("the prompt after the compaction", all[len(all)-1].Text(), "begin again")

	s.call("DELETE", "/session/"+s.session, "")
	l.untilSeen(hook.SessionEnd, 1)
}

// A turn that the user has ended is no turn to hold up.
func TestOpenCodeServeAbort(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": refuses("go on"), "StopFailure": "", "PreToolUse": ""}), bash("sleep 60"), say("after"))
	s := l.serve()
	s.later("hello")
	l.untilSeen(hook.PreToolUse, 1)
	s.call("POST", "/session/"+s.session+"/abort", "")
	s.prompt("again")
	l.untilSeen(hook.Stop, 1)
	if n := len(l.seen(hook.StopFailure)); n != 0 {
		t.Errorf("%d StopFailure hooks have run", n)
	}
	l.is(l.seen(hook.Stop)[0], map[string]string{"last_assistant_message": `"after"`})
}

func TestOpenCodeServePermission(t *testing.T) {
	slow := `sleep 1; if grep -q first; then ` + says(hook.PermissionRequest, `"decision":{"behavior":"allow"}`) + `; fi`
	l := newLab(t, hooks(map[string]string{"PermissionRequest": slow, "Notification:permission_prompt": "", "PermissionDenied": says(hook.PermissionDenied, `"retry":true`)}),
		bash("echo first"), bash("echo second"))
	l.config(asking())
	s := l.serve()
	s.later("hello")
	l.untilSeen(hook.Notification, 1)
	l.contains("the result", l.toolResult("1", 2), "first")
	l.is(l.one(hook.Notification), map[string]string{"message": `"OpenCode needs your permission to use Bash"`})

	var open []map[string]any
	res, err := http.Get(s.url + "/permission")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&open); err != nil || len(open) != 1 {
		t.Fatalf("open questions: %v, %v", open, err)
	}
	s.call("POST", "/session/"+s.session+"/permissions/"+open[0]["id"].(string), `{"response":"reject"}`)
	l.untilSeen(hook.PermissionDenied, 1)
	s.untilIdle()
	s.prompt("and now?")
	l.contains("the rejected call", l.toolResult("2", 3), "you may retry this tool call")
}

func TestOpenCodeServeNotifications(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Notification": ""}),
		call("question", map[string]any{"questions": []any{map[string]any{"question": "Which one?", "header": "Pick", "options": []any{map[string]any{"label": "A", "description": "a"}}}}}))
	l.put(l.project, ".opencode/run-hooks.json", `{"idleMs":50}`)
	l.offline(".opencode")
	s := l.serve("OPENCODE_ENABLE_QUESTION_TOOL=1")
	s.later("hello")
	l.untilSeen(hook.Notification, 1)
	l.is(l.seen(hook.Notification)[0], map[string]string{"notification_type": `"elicitation_dialog"`, "message": `"Which one?"`})
	s.call("POST", "/session/"+s.session+"/abort", "")
	l.untilSeen(hook.Notification, 2)
	l.is(l.seen(hook.Notification)[1], map[string]string{"notification_type": `"idle_prompt"`})
}

// A hook may take its time, and 50 calls at once are 50.
func TestOpenCodeServeMany(t *testing.T) {
	var turn fakemodel.Turn
	for i := range 50 { // each another: OpenCode asks before it makes the same call a third time
		turn.Calls = append(turn.Calls, fakemodel.Call{Tool: "bash", Args: map[string]any{"command": fmt.Sprint("true ", i)}})
	}
	l := newLab(t, hooks(map[string]string{"SessionStart": "sleep 30; echo 'slow, but there'", "PreToolUse": says(hook.PreToolUse, `"additionalContext":"before"`), "PostToolUse": says(hook.PostToolUse, `"additionalContext":"after"`)}), turn)
	s := l.serve()
	s.prompt("hello")
	l.contains("the prompt", l.request(1).Text(), "slow, but there")
	for _, event := range []hook.EventName{hook.PreToolUse, hook.PostToolUse} {
		ids := map[string]bool{}
		for _, o := range l.seen(event) {
			ids[text(o, "tool_use_id")] = true
		}
		if n := len(l.seen(event)); n != 50 || len(ids) != 50 {
			t.Errorf("%d hooks of %s for %d calls", n, event, len(ids))
		}
	}
	all := l.request(2).Text()
	if n, m := strings.Count(all, "additional context: before"), strings.Count(all, "additional context: after"); n != 50 || m != 50 {
		t.Errorf("%d and %d contexts", n, m)
	}
}
