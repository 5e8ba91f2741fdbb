package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/installer"
)

// Only what was seen to be obeyed counts as obeyed, and what was not seen at all
// is no fault of the client's.
func TestVerdict(t *testing.T) {
	why := asked(t, `[{"messages":[]},{"messages":[{"role":"user","text":"x"},{"role":"tool","text":"error: `+denial+`"}]}]`)
	silent := asked(t, `[{"messages":[{"role":"user","text":"`+denial+`"},{"role":"tool","text":"no such\ntool"}]}]`)
	tests := []struct {
		name   string
		seen   sighting
		status int
		says   string
	}{
		{"obeyed", sighting{asked: why, hook: true, free: true}, exitOK, "x obeys a denial (0.0 s)"},
		{"no hook asked", sighting{asked: why, denied: true, free: true}, exitFound, "without asking hooks"},
		{"made all the same", sighting{asked: why, hook: true, denied: true, free: true}, exitFound, "does not obey"},
		{"made, and late", sighting{asked: why, hook: true, denied: true, late: true}, exitFound, "does not obey"},
		{"late", sighting{asked: why, hook: true, free: true, late: true}, exitFail, "did not end"},
		{"no model asked", sighting{}, exitFail, "did not ask the model"},
		{"no call", sighting{asked: silent}, exitFail, "did not ask the hook"},
		{"the reason kept back", sighting{asked: silent, hook: true, free: true}, exitFound, "not told why"},
		{"nothing runs", sighting{asked: why, hook: true}, exitFound, "no hook denies"},
	}
	for _, test := range tests {
		tr := &trial{driver: driver{but: always("")}, agent: installer.Agent{Name: "x"}}
		status, what, hints := test.seen.verdict(tr)
		hint := strings.Join(hints, " ")
		if status != test.status || !strings.Contains(what, test.says) || (hint == "") != (status == exitOK) {
			t.Errorf("%s: %d %q, hint %q; want %d %q", test.name, status, what, hint, test.status, test.says)
		}
		if strings.ContainsAny(what+hint, "\n\x1b") {
			t.Errorf("%s: %q is not one line", test.name, what+hint)
		}
	}
}

func asked(t *testing.T, text string) []modelRequest {
	t.Helper()
	var out []modelRequest
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLastWords(t *testing.T) {
	s := sighting{said: "1\n2\n3\n4\n5\n6 \x1b[31mred\r\n7\n"}
	if got, want := strings.Join(s.lastWords(exitFail), "/"), "| 3/| 4/| 5/| 6 [31mred /| 7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := s.lastWords(exitOK); got != nil {
		t.Errorf("%q where nothing is wrong", got)
	}
}
