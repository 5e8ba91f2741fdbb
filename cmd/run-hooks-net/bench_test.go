package main

import (
	"bytes"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkDecision measures what a decision by http takes from the start of the
// program to its end, built as it is shipped, and how much of that is the
// server's own time. The budget for the difference is 8 ms.
func BenchmarkDecision(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "run-hooks-net")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, work := range []time.Duration{0, 5 * time.Millisecond} {
		b.Run("server="+work.String(), func(b *testing.B) {
			spent := make(chan time.Duration, 1)
			url := serveHTTP(b, func(w http.ResponseWriter, r *http.Request) {
				start := time.Now()
				io.Copy(io.Discard, r.Body)
				time.Sleep(work)
				io.WriteString(w, deny)
				spent <- time.Since(start)
			})
			input := job(b, map[string]any{"url": url, "headers": map[string]string{"X": "$A"}}) + event + "\n"
			var server time.Duration
			for b.Loop() {
				decide(b, bin, input)
				server += <-spent
			}
			total := b.Elapsed()
			b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "ms-total/op")
			b.ReportMetric(float64(server.Microseconds())/1000/float64(b.N), "ms-server/op")
			b.ReportMetric(float64((total-server).Microseconds())/1000/float64(b.N), "ms-added/op")
		})
	}
}

// decide runs bin once on input.
func decide(b *testing.B, bin, input string) {
	b.Helper()
	var out bytes.Buffer
	cmd := exec.Command(bin, "http")
	cmd.Env = []string{"A=b"}
	cmd.Stdin, cmd.Stdout = strings.NewReader(input), &out
	if err := cmd.Run(); err != nil || out.String() != deny {
		b.Fatalf("%v: %s", err, out.String())
	}
}
