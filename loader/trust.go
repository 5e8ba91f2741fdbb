package loader

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A TrustStore is the file in which the user's trusted folders are kept, one
// absolute path a line. It is the user's, never the repository's.
type TrustStore struct{ Path string }

// Trusted says through what dir is trusted: a folder of the store, or one that
// Claude Code trusts by its own state file at claude, that is dir or contains
// it. "" if it is not.
func (s TrustStore) Trusted(dir, claude string) string {
	dir = realPath(dir)
	folders, err := s.folders()
	if err != nil {
		return "" // what cannot be read trusts nothing
	}
	for _, f := range folders {
		if within(dir, f) {
			return f
		}
	}
	return claudeTrusts(dir, claude)
}

// Trust adds dir to the store.
func (s TrustStore) Trust(dir string) error {
	folders, err := s.folders()
	if err != nil {
		return err
	}
	if dir = realPath(dir); slices.Contains(folders, dir) {
		return nil
	}
	if strings.ContainsAny(dir, "\r\n") {
		return fmt.Errorf("%q cannot be trusted: its name holds a line break", dir)
	}
	return s.write(append(folders, dir))
}

// Untrust takes dir out of the store and reports whether it was there.
func (s TrustStore) Untrust(dir string) (bool, error) {
	folders, err := s.folders()
	if err != nil {
		return false, err
	}
	i := slices.Index(folders, realPath(dir))
	if i < 0 {
		return false, nil
	}
	return true, s.write(slices.Delete(folders, i, i+1))
}

// folders reads the store; one that does not exist is empty.
func (s TrustStore) folders() ([]string, error) {
	f, err := os.Open(s.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the record of trusted folders cannot be read: %w", err)
	}
	defer f.Close()
	var out []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := lines.Text(); filepath.IsAbs(line) {
			out = append(out, line)
		}
	}
	return out, lines.Err()
}

// write replaces the store in one step, so that it is never half written.
func (s TrustStore) write(folders []string) error {
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o700); err != nil {
		return err
	}
	text := strings.Join(folders, "\n")
	if text != "" {
		text += "\n"
	}
	temp, err := os.CreateTemp(filepath.Dir(s.Path), "trusted-*")
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	if cerr := temp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(temp.Name(), s.Path)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}

// within reports whether dir is folder or lies below it.
func within(dir, folder string) bool {
	return dir == folder || strings.HasPrefix(dir, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

// claudeTrusts says whether Claude Code's state file trusts dir or a folder that
// contains it (hasTrustDialogAccepted, reference §3.3), and names the file.
func claudeTrusts(dir, path string) string {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	var state struct {
		Projects map[string]struct {
			Accepted bool `json:"hasTrustDialogAccepted"`
		} `json:"projects"`
	}
	if json.Unmarshal(text, &state) != nil {
		return ""
	}
	for folder, project := range state.Projects {
		if project.Accepted && within(dir, realPath(folder)) {
			return path
		}
	}
	return ""
}
