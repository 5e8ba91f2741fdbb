package checker

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/run-hooks/run-hooks/loader"
)

// Mend applies the certain fixes of findings to their files and returns how many
// findings it mended. Everything else in a file keeps its bytes. A file that is
// not strict JSON, before or after, is not touched; nor is one whose bytes are
// not the text that was checked (UTF-16). Findings in scripts have no fixes.
func Mend(findings []Finding) (mended int, err error) {
	byPath := map[string][]Finding{}
	var paths []string
	for _, f := range findings {
		if len(f.Fix) == 0 {
			continue
		}
		if byPath[f.Path] == nil {
			paths = append(paths, f.Path)
		}
		byPath[f.Path] = append(byPath[f.Path], f)
	}
	for _, path := range paths {
		n, err := mendFile(path, byPath[path])
		if err != nil {
			return mended, err
		}
		mended += n
	}
	return mended, nil
}

// mendFile applies the fixes of one file.
func mendFile(path string, findings []Finding) (int, error) {
	doc, err := loader.ReadDocument(path, path)
	if err != nil {
		return 0, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	mark, body := splitMark(raw)
	if doc.Fault() != nil || !bytes.Equal(body, doc.Text()) {
		return 0, nil
	}
	edits, n := chosen(findings)
	if n == 0 {
		return 0, nil
	}
	for i := len(edits) - 1; i >= 0; i-- {
		e := edits[i]
		body = slices.Concat(body[:e.Start], []byte(e.Text), body[e.End:])
	}
	return n, replace(path, slices.Concat(mark, body))
}

// splitMark parts a byte order mark from the text.
func splitMark(raw []byte) (mark, body []byte) {
	if bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) {
		return raw[:3], raw[3:]
	}
	return nil, raw
}

// chosen returns the edits in order, without those of a finding that would touch
// what another one changes.
func chosen(findings []Finding) (edits []Edit, n int) {
	for _, f := range findings {
		clash := slices.ContainsFunc(f.Fix, func(e Edit) bool {
			return slices.ContainsFunc(edits, func(o Edit) bool {
				return e.Start < o.End && o.Start < e.End || e.Start == o.Start && (e.Start == e.End) == (o.Start == o.End)
			})
		})
		if !clash {
			edits, n = append(edits, f.Fix...), n+1
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	return edits, n
}

// replace writes a file anew in one step, keeping its mode and following links.
func replace(path string, text []byte) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(real)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(real), ".run-hooks-*")
	if err != nil {
		return fmt.Errorf("cannot write beside %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(tmp.Name(), real)
	}
	return err
}
