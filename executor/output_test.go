package executor

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// TestParseOutput is the table of §7.1: when stdout is JSON, when plain text,
// and when a fault.
func TestParseOutput(t *testing.T) {
	const isText, isJSON, isFault = "text", "JSON", "a fault"
	for stdout, want := range map[string]string{
		`{}`:                                isJSON,
		`{"decision":"block"}`:              isJSON,
		"{\n  \"decision\": \"block\"\n}\n": isJSON,
		" \t\r\n{} \n\n":                    isJSON,
		"\uFEFF{}":                          isJSON,
		`{"a":1,"a":2}`:                     isJSON,
		`{"unknown":{"deep":[{}]}}`:         isJSON,
		"HK\n{}":                            isText,
		"// c\n{}":                          isText,
		`{"decision":"block"`:               isText,
		`{"decision":"block"} trailing`:     isText,
		`{ not JSON at all`:                 isText,
		`[]`:                                isText,
		`[{"decision":"block"}]`:            isText,
		`"{}"`:                              isText,
		`5`:                                 isText,
		`true`:                              isText,
		`null`:                              isText,
		``:                                  isText,
		"\x00":                              isText,
		`{"decision":"block",}`:             isFault,
		`{'decision':'block'}`:              isFault,
		`{x}`:                               isFault,
		`{"decision":"block"}{}`:            isFault,
		`{"a":01}`:                          isFault,
		`{"a":"` + "\n" + `"}`:              isFault,
	} {
		got := isText
		switch said := parseOutput([]byte(stdout), false); {
		case said.fault != "":
			got = isFault
		case said.object != nil:
			got = isJSON
		}
		if got != want {
			t.Errorf("%q is %s, want %s", stdout, got, want)
		}
	}
}

// TestDuplicateKeys: the last one wins (§7.1), in hookSpecificOutput as well.
func TestDuplicateKeys(t *testing.T) {
	ev := eventFor(t, hook.PreToolUse, "Bash")
	for stdout, want := range map[string]hook.Permission{
		`{"decision":"approve","decision":"block"}`: hook.Deny,
		`{"decision":"block","decision":"approve"}`: hook.Allow,
		`{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecision":"allow"}}`: hook.Allow,
		`{"hookSpecificOutput":{"hookEventName":"Stop","hookEventName":"PreToolUse","permissionDecision":"deny"}}`:       hook.Deny,
	} {
		if got := read(ev, &hook.Handler{Type: hook.Command}, exit{stdout: []byte(stdout)}, Options{}).Permission; got != want {
			t.Errorf("%s is %v, want %v", stdout, got, want)
		}
	}
}

// TestFailClosed: a hook that is to fail closed denies however it fails, and only
// then (reference §4.2).
func TestFailClosed(t *testing.T) {
	ev := eventFor(t, hook.PreToolUse, "Bash")
	type row struct {
		what string
		x    exit
		deny bool
	}
	for _, r := range []row{
		{"nothing said", exit{}, false},
		{"plain text", exit{stdout: []byte("checked")}, false},
		{"an answer", exit{stdout: []byte(`{"decision":"approve"}`)}, false},
		{"an answer and a status", exit{stdout: []byte(`{}`), code: 1}, false},
		{"not started", exit{err: errNone{}, code: 1}, true},
		{"status 1", exit{code: 1}, true},
		{"status 126", exit{code: 126}, true},
		{"status 127", exit{code: 127}, true},
		{"a signal", exit{code: 1, signal: "SIGSEGV"}, true},
		{"timeout", exit{code: 1, timedOut: true}, true},
		{"timeout after an answer", exit{code: 1, timedOut: true, stdout: []byte(`{"decision":"approve"}`)}, true},
		{"garbage JSON", exit{stdout: []byte(`{oops}`)}, true},
		{"half JSON", exit{stdout: []byte(`{"decision":"blo`)}, true},
		{"half JSON that a signal cut", exit{stdout: []byte(`{"decision":"blo`), signal: "SIGPIPE", code: 1}, true},
		{"JSON and more", exit{stdout: []byte(`{"decision":"block"} done`)}, true},
		{"an answer of no valid form", exit{stdout: []byte(`{"decision":"deny"}`)}, true},
		{"an answer for another event", exit{stdout: []byte(`{"hookSpecificOutput":{"hookEventName":"Stop"}}`)}, true},
		{"an answer cut short", exit{stdout: []byte(`{"decision":"approve"}`), cut: true}, true},
	} {
		for _, closed := range []bool{true, false} {
			h := &hook.Handler{Type: hook.Command, Command: "guard", FailClosed: closed}
			out := read(ev, h, r.x, Options{})
			if got := out.Permission == hook.Deny; got != (r.deny && closed) {
				t.Errorf("%s, fail closed %v: %v for %q", r.what, closed, out.Permission, out.Reason)
			}
			if r.deny && out.Note == "" && out.Reason == "" {
				t.Errorf("%s: neither denied nor told", r.what)
			}
		}
	}
}

// errNone is the error of a process that did not start.
type errNone struct{}

func (errNone) Error() string { return "no such file" }
