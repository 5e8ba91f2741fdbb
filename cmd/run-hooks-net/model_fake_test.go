package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// The fake model says where it is, plays its script, and says what it was sent
// when stdin ends.
func TestModel(t *testing.T) {
	cmd := command(t, nil, "model")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(stdin, `{"calls":[{"tool":"bash","args":{"command":"echo hi"}}]}`+"\n")
	out := bufio.NewReader(stdout)
	url, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`echo hi`, `"done"`} {
		if said := say(t, strings.TrimSpace(url), "go on"); !strings.Contains(said, want) {
			t.Errorf("the model said %s, without %s", said, want)
		}
	}
	_ = stdin.Close()
	var asked []fakemodel.Request
	if err := json.NewDecoder(out).Decode(&asked); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if len(asked) != 2 || asked[1].Text() != "[user] go on\n" {
		t.Errorf("the model says it was asked %+v", asked)
	}
}

// say asks the model at url and returns the whole answer.
func say(t *testing.T, url, prompt string) string {
	t.Helper()
	body := `{"messages":[{"role":"user","content":"` + prompt + `"}]}`
	resp, err := http.Post(url+"/chat/completions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestModelTrouble(t *testing.T) {
	for stdin, says := range map[string]string{"": "no job", "{}": "no job", "[]\n": "cannot read the job", `{"turns":[]}` + "\n": "cannot read the job"} {
		if got := invoke(t, nil, stdin, "model"); got.status != exitTrouble || !strings.HasPrefix(got.stderr, "run-hooks-net: model: ") || !strings.Contains(got.stderr, says) {
			t.Errorf("%q: %+v, want %q", stdin, got, says)
		}
	}
}
