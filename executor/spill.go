package executor

import (
	"fmt"
	"os"
	"path/filepath"
	"unicode/utf16"

	hook "github.com/run-hooks/run-hooks"
)

// Limits on a text that is handed on (§6.2), in UTF-16 units, as JavaScript
// counts characters.
const (
	maxText    = 10_000
	maxPreview = 2_000
)

// shorten puts texts that are too long into a file and leaves a preview and the
// file's path. Reasons are handed on whole.
func (out *Outcome) shorten(ev *hook.Event, h *hook.Handler, o Options) {
	out.Plain = out.spill(ev, o, "stdout", out.Plain)
	out.Context = out.spill(ev, o, "additionalContext", out.Context)
	out.Message = out.spill(ev, o, "systemMessage", out.Message)
	if text := hook.Text(member(out.Extra, "initialUserMessage")); text != "" {
		out.Extra = out.Extra.WithText("initialUserMessage", out.spill(ev, o, "initialUserMessage", text))
	}
}

// spill returns text, or a preview of it once the whole is in a file. A text
// that cannot be saved is handed on whole: none of it is lost.
func (out *Outcome) spill(ev *hook.Event, o Options, kind, text string) string {
	if len(text) <= maxText {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= maxText {
		return text
	}
	path, err := save(filepath.Join(sessionDir(ev, o), "tool-results"), kind, text)
	if err != nil {
		out.Note = "printed a text of over 10,000 characters that could not be saved: " + err.Error()
		return text
	}
	preview := string(utf16.Decode(units[:maxPreview]))
	return fmt.Sprintf("<persisted-output>\nOutput too large (%.1fKB). Full output saved to: %s\n\nPreview (first 2KB):\n%s\n</persisted-output>",
		float64(len(text))/1024, path, preview)
}

// save writes text to a new file in dir, which only the user can read.
func save(dir, kind, text string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "hook-*-"+kind+".txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return f.Name(), err
}

// spooled returns a file that holds text, open for reading and without a name:
// it is gone when its last reader is.
func spooled(text []byte) (*os.File, error) {
	f, err := os.CreateTemp("", "run-hooks-job-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(text); err == nil {
		_, err = f.Seek(0, 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
