//go:build unix

package conformance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// sampled is how many vectors of a group -short leaves out for one that it runs.
const sampled = 10

// TestVectors runs every vector of claude/ against the real programs. A
// difference is an error, unless known.txt has the vector; so is a vector that
// known.txt has and that passes. A vector that cannot be run on this machine is
// skipped and named at the end; with REQUIRE_ALL=1 it is an error.
func TestVectors(t *testing.T) {
	s := newSuite(t)
	vectors := load(t, "claude", "claude/remote")
	known := readKnown(t, vectors)
	counts := newTally(vectors)
	t.Cleanup(func() { fmt.Println(counts) }) // t.Log would say it only with -v
	// An interrupted run ends what it started, too.
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	t.Cleanup(stop)
	nth := map[string]int{}
	for _, v := range vectors {
		nth[v.group()]++
		if testing.Short() && nth[v.group()]%sampled != 1 {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			if ctx.Err() != nil {
				t.Fatal("interrupted")
			}
			defer counts.done(t, &v)
			s.test(ctx, t, v, known[v.Name], counts)
		})
	}
}

// test runs one vector. why is the reason known.txt gives, "" if it has none.
func (s *suite) test(ctx context.Context, t *testing.T, v vector, why string, counts *tally) {
	asRun, got, err := s.run(ctx, v)
	var missing notHere
	if errors.As(err, &missing) && os.Getenv("REQUIRE_ALL") != "1" {
		counts.notRun(&v, missing)
		t.Skipf("could not run here: %v", missing)
	}
	if errors.As(err, &missing) {
		t.Fatalf("could not run here: %v", missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Log(asRun.About + "\n" + got.String())
	diffs := compare(&asRun, &got)
	if why == "" {
		for _, d := range diffs {
			t.Error(d)
		}
		return
	}
	if len(diffs) == 0 {
		t.Fatalf("passes: take it out of known.txt (%s)", why)
	}
	counts.known(&v)
	t.Skipf("known: %s\n%v", why, diffs)
}

// String is what was run and what came of it, for people.
func (got *seen) String() string {
	var out strings.Builder
	out.WriteString("$ " + strings.Join(got.args, " ") + "\n")
	out.WriteString("  exit status " + brief(got.exit) + "\n")
	for _, stream := range []struct{ name, text string }{{"stdout", got.stdout}, {"stderr", got.stderr}} {
		if stream.text != "" {
			out.WriteString("  " + stream.name + ": " + strings.TrimSpace(stream.text) + "\n")
		}
	}
	for _, hook := range got.hooks {
		out.WriteString("  hook " + hook.ID + ": argv " + brief(hook.Argv) + ", cwd " + hook.Cwd + ", signals " + brief(hook.signals) + ", ended " + brief(hook.ended) + "\n")
	}
	for _, r := range got.requests {
		out.WriteString("  request " + r.path + "\n")
	}
	for _, body := range got.asked {
		out.WriteString("  asked the model " + brief(body) + "\n")
	}
	return out.String()
}

// readKnown reads known.txt: lines of a vector's name and the reason why it is
// known to fail; # begins a comment.
func readKnown(t *testing.T, vectors []vector) map[string]string {
	t.Helper()
	text, err := os.ReadFile("known.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, why, _ := strings.Cut(line, " ")
		if why = strings.TrimSpace(why); why == "" {
			t.Errorf("known.txt: %s has no reason", name)
		}
		if !slices.ContainsFunc(vectors, func(v vector) bool { return v.Name == name }) {
			t.Errorf("known.txt: there is no vector %s", name)
		}
		known[name] = why
	}
	return known
}
