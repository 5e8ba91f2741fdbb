package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// transcriptMark begins a line that is for a session's transcript.
const transcriptMark = `{"event":"transcript"`

// keptFor is how long files of a session are kept after they were last written.
const keptFor = 30 * 24 * time.Hour

// transcribe takes down what a request adds to a session's transcript, if there
// are hooks that could read it. Failing is told, once a file, and stops nothing.
func (b *bridge) transcribe(line []byte) {
	t, err := mapper.OpenCodeTranscript(&b.harness, line, b.place(b.cwd, ""))
	if err == nil && len(t.Lines) > 0 && anyLive(b.config(t.Dir)) {
		err = b.write(t)
	}
	if err == nil {
		return
	}
	if _, told := b.written[t.Path]; !told {
		b.say.warnf("the transcript cannot be written: %v", err)
		b.written[t.Path] = ""
	}
}

func anyLive(cfg *loader.Config) bool {
	return slices.ContainsFunc(cfg.Handlers(), func(c loader.Choice) bool { return c.Run })
}

// write appends to a transcript, which only the user can read. Each line names
// the line before it.
func (b *bridge) write(t mapper.Transcript) error {
	last, known := b.written[t.Path]
	var there map[string]bool
	if !known || t.Whole {
		all, err := uuids(t.Path)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		there = map[string]bool{}
		for _, id := range all {
			there[id] = true
		}
	}
	var text []byte
	for _, l := range t.Lines {
		if l.UUID == last || there[l.UUID] {
			continue
		}
		text = append(append(text, transcriptLine(l, last)...), '\n')
		last = l.UUID
	}
	b.written[t.Path] = last
	if text == nil {
		return nil
	}
	return appendPrivately(t.Path, text)
}

// transcriptLine is one line of a transcript, behind the one called parent.
func transcriptLine(l mapper.TranscriptLine, parent string) []byte {
	at := time.Now()
	if l.Millis > 0 {
		at = time.UnixMilli(l.Millis)
	}
	o := hook.Object{{Name: "parentUuid", Value: []byte("null")}}
	if parent != "" {
		o = o.WithText("parentUuid", parent)
	}
	return append(o, l.Body...).WithText("timestamp", at.UTC().Format("2006-01-02T15:04:05.000Z")).JSON()
}

// uuids returns those of the lines of a transcript, in order; none if there is no
// file.
func uuids(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	member := regexp.MustCompile(`"uuid":"([0-9a-f-]{36})"`)
	var out []string
	for line := range bytes.Lines(text) {
		if all := member.FindAllSubmatch(line, -1); len(all) > 0 {
			out = append(out, string(all[len(all)-1][1]))
		}
	}
	return out, nil
}

// appendPrivately adds text to a file that only the user can read.
func appendPrivately(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// sweep removes what was kept of sessions that are long over, and the directories
// that are empty then. What it cannot remove stays for the next time.
func (b *bridge) sweep() {
	defer func() { _ = recover() }() // tidying up must end nothing
	for _, dir := range []string{"opencode", "sessions"} {
		var dirs []string
		_ = filepath.WalkDir(filepath.Join(b.state, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			info, err := d.Info()
			switch {
			case err != nil || time.Since(info.ModTime()) < keptFor:
			case d.IsDir():
				dirs = append(dirs, path)
			default:
				_ = os.Remove(path)
			}
			return nil
		})
		for _, path := range slices.Backward(dirs) {
			_ = os.Remove(path) // not empty: something in it is newer
		}
	}
}
