package executor

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"syscall"
	"time"
)

// A capture keeps the first max bytes of what a process prints, and reads and
// drops the rest, so that printing never blocks the process nor fills memory.
type capture struct {
	max     int
	kept    []byte
	cut     bool          // there was more than max
	first   chan<- []byte // gets the first line, once (see process.announce); nil: not wanted
	scratch []byte        // where dropped bytes are read to
}

// longestFirst bounds the first line, in bytes: a longer one announces nothing.
const longestFirst = 64 << 10

// fill reads r until its end or its deadline. What was printed by then counts,
// even if it has not been read in time.
func (c *capture) fill(r *os.File) {
	for {
		n, err := r.Read(c.room())
		c.took(n)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.rest(r)
		}
		if err != nil {
			return
		}
	}
}

// rest takes what lies in the pipe and does not wait for more. A pipe holds
// 64 KiB; one that is filled again all the while is left when that much is read.
func (c *capture) rest(r *os.File) {
	_ = r.SetReadDeadline(time.Time{})
	raw, err := r.SyscallConn()
	if err != nil {
		return
	}
	for left := 64 << 10; left > 0; {
		n := 0
		err := raw.Read(func(fd uintptr) bool {
			n, _ = syscall.Read(int(fd), c.room())
			return true
		})
		if err != nil || n <= 0 {
			return
		}
		c.took(n)
		left -= n
	}
}

// room returns where the next bytes go: behind what is kept, growing as needed.
func (c *capture) room() []byte {
	if len(c.kept) == c.max {
		if c.scratch == nil {
			c.scratch = make([]byte, 64<<10)
		}
		return c.scratch
	}
	if len(c.kept) == cap(c.kept) {
		c.kept = slices.Grow(c.kept, 4<<10)
	}
	return c.kept[len(c.kept):min(cap(c.kept), c.max)]
}

// took counts n bytes that were read into room.
func (c *capture) took(n int) {
	if n <= 0 {
		return
	}
	if len(c.kept) == c.max {
		c.cut = true
		return
	}
	c.kept = c.kept[:len(c.kept)+n]
	if c.first != nil {
		c.findFirst(n)
	}
}

// findFirst sends the first line once it is complete; n bytes are new.
func (c *capture) findFirst(n int) {
	end := bytes.IndexByte(c.kept[len(c.kept)-n:], '\n')
	switch {
	case end >= 0:
		end += len(c.kept) - n
	case isObject(c.kept):
		end = len(c.kept)
	case len(c.kept) <= longestFirst:
		return
	}
	if end >= 0 && end <= longestFirst {
		c.first <- slices.Clone(c.kept[:end])
	}
	c.first = nil
}

// isObject reports whether text is one whole JSON object.
func isObject(text []byte) bool {
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte("{")) && bytes.HasSuffix(text, []byte("}")) && json.Valid(text)
}
