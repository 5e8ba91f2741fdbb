package executor

import (
	"bytes"
	"os"
	"testing"
	"testing/quick"
	"time"
)

// What is kept is the beginning of what was printed, as much as there is room
// for, in whatever pieces it came.
func TestCaptureKeepsBeginning(t *testing.T) {
	law := func(pieces [][]byte, limit uint16) bool {
		c := capture{max: int(limit) % 300}
		for _, piece := range pieces {
			for rest := piece; len(rest) > 0; {
				n := copy(c.room(), rest)
				c.took(n)
				rest = rest[n:]
			}
		}
		all := bytes.Join(pieces, nil)
		return bytes.Equal(c.kept, all[:min(len(all), c.max)]) && c.cut == (len(all) > c.max)
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
}

// Output that was there at the deadline counts, though it was not read in time,
// and though the pipe is held open.
func TestCaptureTakesRest(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	want := bytes.Repeat([]byte("verdict\n"), 5000)
	if _, err := w.Write(want); err != nil {
		t.Fatal(err)
	}
	if err := r.SetReadDeadline(time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	c := capture{max: maxStdout}
	c.fill(r)
	if !bytes.Equal(c.kept, want) {
		t.Errorf("%d bytes, want %d", len(c.kept), len(want))
	}
}

func TestCaptureFirst(t *testing.T) {
	long := string(bytes.Repeat([]byte("x"), longestFirst))
	for _, c := range []struct {
		about  string
		pieces []string
		want   string
		none   bool
	}{
		{about: "one piece", pieces: []string{"a\nb\nc"}, want: "a"},
		{about: "empty line", pieces: []string{"\n"}, want: ""},
		{about: "two pieces", pieces: []string{"ab", "cd\ne"}, want: "abcd"},
		{about: "no end", pieces: []string{"ab", "cd"}, none: true},
		{about: "object without end", pieces: []string{` {"a":`, `{}}`}, want: ` {"a":{}}`},
		{about: "object over lines", pieces: []string{"{\n}"}, want: "{"},
		{about: "brace in a text", pieces: []string{`{"a":"}`}, none: true},
		{about: "array", pieces: []string{`[1]`}, none: true},
		{about: "longest", pieces: []string{long, "\n"}, want: long},
		{about: "too long", pieces: []string{long, "x", "\n"}, none: true},
		{about: "too long at once", pieces: []string{long + "x\n"}, none: true},
	} {
		first := make(chan []byte, 2)
		got := capture{max: maxStdout, first: first}
		for _, piece := range c.pieces {
			for rest := []byte(piece); len(rest) > 0; {
				n := copy(got.room(), rest)
				got.took(n)
				rest = rest[n:]
			}
		}
		close(first)
		line, ok := <-first
		if ok == c.none || string(line) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.about, line, ok, c.want)
		}
		if line, more := <-first; more {
			t.Errorf("%s: a second line %q", c.about, line)
		}
	}
}
