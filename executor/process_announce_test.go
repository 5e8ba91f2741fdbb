package executor

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestAnnounce(t *testing.T) {
	for _, c := range []struct {
		script string
		asked  []string
	}{
		{`echo one; echo two`, []string{"one"}},
		{`echo; echo two`, []string{""}},
		{`printf '{"async":true}'; cat`, []string{`{"async":true}`}},
		{`printf '{"async":'; echo true} ; echo more`, []string{`{"async":true}`}},
		{`printf 'no end'`, nil},
		{`exit 0`, nil},
		{`echo one >&2`, nil},
	} {
		for _, background := range []bool{false, true} {
			p := shell(t, c.script)
			var asked []string
			p.announce = func(line []byte) bool {
				asked = append(asked, string(line))
				return background
			}
			e := p.run(t.Context())
			if want := background && c.asked != nil; want != (e.later != nil) {
				t.Errorf("%s: in the background %v, want %v", c.script, e.later != nil, want)
			}
			if e.later != nil {
				e = <-e.later
			}
			plain := shell(t, c.script).run(t.Context())
			if !slices.Equal(asked, c.asked) || e.code != 0 || e.err != nil || !bytes.Equal(e.stdout, plain.stdout) {
				t.Errorf("%s: asked with %q, want %q; %+v", c.script, asked, c.asked, e)
			}
		}
	}
}

// run returns at the announcement, while the process still waits for us.
func TestBackground(t *testing.T) {
	p := shell(t, `echo first; until [ -e go ]; do sleep 0.01; done; echo second; echo third >&2; exit 2`)
	p.announce = func([]byte) bool { return true }
	e := p.run(t.Context())
	if e.later == nil || e.stdout != nil || e.code != 0 {
		t.Fatalf("%+v", e)
	}
	write(t, filepath.Join(p.dir, "go"), "", 0o644)
	e = <-e.later
	if string(e.stdout) != "first\nsecond\n" || string(e.stderr) != "third\n" || e.code != 2 || e.later != nil {
		t.Errorf("%+v", e)
	}
}

func TestBackgroundLimit(t *testing.T) {
	p := shell(t, `echo first; exec sleep 1000`)
	p.announce = func([]byte) bool { return true }
	p.background = time.Millisecond
	e := <-p.run(t.Context()).later
	if !e.timedOut || e.code != 1 || e.stdout != nil || e.signal != "SIGTERM" {
		t.Errorf("%+v", e)
	}
}

func TestCancelledInBackground(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := shell(t, `echo first; exec sleep 1000`)
	p.announce = func([]byte) bool { return true }
	e := p.run(ctx)
	cancel()
	if e = <-e.later; !e.cancelled || e.stdout != nil || e.code != 1 {
		t.Errorf("%+v", e)
	}
}
