package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
)

// maxAge is how long the files of a session are kept after its last event.
const maxAge = 30 * 24 * time.Hour

// A memory is the file in which a harness's dialect remembers a session. The
// zero memory remembers nothing.
type memory struct{ path string }

// memory returns that of the session a native event belongs to.
func (b *bridge) memory(native []byte) memory {
	if b.harness.Session == nil {
		return memory{}
	}
	event, err := hook.ParseObject(native)
	if err != nil {
		return memory{}
	}
	session := b.harness.Session(event)
	if session == "" {
		return memory{}
	}
	return memory{filepath.Join(executor.SessionDir(b.state, session), b.harness.Name+".json")}
}

// update gives f what is remembered and keeps what it returns; nil keeps what
// there was. No other process is between the two. An error means that what f
// returned is lost; f has run all the same.
func (m memory) update(f func(hook.Object) hook.Object) error {
	if m.path == "" {
		f(nil)
		return nil
	}
	file, err := m.open()
	if err != nil {
		f(nil)
		return fmt.Errorf("the session's memory cannot be opened: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	known, bad := hook.ParseObject(text)
	if bad != nil {
		known = nil // new, or half written: it begins anew
	}
	next := f(known)
	if next == nil || err != nil {
		return err
	}
	if fresh := next.JSON(); !bytes.Equal(fresh, text) {
		if err = file.Truncate(0); err == nil {
			_, err = file.WriteAt(fresh, 0)
		}
	}
	return err
}

// open opens and locks the file, making it if need be. Making one also removes
// what is left of old sessions.
func (m memory) open() (*os.File, error) {
	dir := filepath.Dir(m.path)
	if _, err := os.Stat(dir); err != nil {
		sweep(filepath.Dir(dir), time.Now().Add(-maxAge))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(m.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// sweep removes the directories below dir that nothing was put into since then.
func sweep(dir string, then time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.IsDir() && info.ModTime().Before(then) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
