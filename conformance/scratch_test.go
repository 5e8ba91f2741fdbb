//go:build unix

package conformance

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// searchPath is where the vectors find programs, after bin of their scratch
// directory.
const searchPath = "/usr/local/bin:/usr/bin:/bin"

// fill makes a vector's scratch directory: bin with the recorder and the MCP
// server, rec for their records, home, proj, etc/claude-code and mnt, and what the vector puts there.
func (s *suite) fill(root string, v *vector, env []string) error {
	for _, dir := range []string{"bin", "rec", "home/.claude", "proj", "etc/claude-code", "mnt"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	// Linked, not copied: a program that was just written cannot be started while
	// a process that was started meanwhile still has it open.
	for _, name := range []string{recorderName, echoName} {
		if err := os.Link(s.program(name), filepath.Join(root, "bin", name)); err != nil {
			return err
		}
	}
	does := v.Hk
	if does == nil {
		does = json.RawMessage("{}")
	}
	if err := os.WriteFile(filepath.Join(root, "hk.json"), does, 0o644); err != nil {
		return err
	}
	for path, content := range v.Files {
		if err := put(filepath.Join(root, path), content); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for path, target := range v.Links {
		if err := link(filepath.Join(root, path), target); err != nil {
			return err
		}
	}
	return prepare(root, v, env)
}

// put writes one file of a vector.
func put(path string, content json.RawMessage) error {
	text, mode, err := fileOf(content)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// fileOf reads what a vector says of a file: {"raw": text}, {"hex": bytes} and
// {"mode": "000"} as they say; any other string is the text, any other value is
// written as JSON.
func fileOf(content json.RawMessage) ([]byte, fs.FileMode, error) {
	said := struct {
		Raw, Hex *string
		Mode     string
	}{Mode: "644"}
	if err := strict(content, &said); err != nil || said.Raw == nil && said.Hex == nil {
		text, err := textOf(content)
		return text, 0o644, err
	}
	mode, err := strconv.ParseUint(said.Mode, 8, 9)
	if err != nil {
		return nil, 0, err
	}
	if said.Hex == nil {
		return []byte(*said.Raw), fs.FileMode(mode), nil
	}
	data, err := hex.DecodeString(*said.Hex)
	return data, fs.FileMode(mode), err
}

// textOf returns a JSON string's text, or any other JSON value on several lines.
func textOf(content json.RawMessage) ([]byte, error) {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return []byte(text), nil
	}
	line, err := spaced.format(content)
	if err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	err = json.Indent(&lines, []byte(line), "", " ")
	return lines.Bytes(), err
}

func link(path, target string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.Symlink(target, path)
}

// prepare makes proj a git repository and runs the vector's own preparation.
func prepare(root string, v *vector, env []string) error {
	script := v.Setup
	if v.Git {
		const git = "git -c user.name=o -c user.email=o@o "
		script = "cd " + root + "/proj && git init -q -b main . && " + git + "add -A && " + git + "commit -qm i --allow-empty\n" + script
	}
	if script == "" {
		return nil
	}
	cmd := exec.Command("/bin/sh", "-ec", script)
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("setup: %w: %s", err, out)
	}
	return nil
}

// remove deletes a scratch directory, also where a vector made a folder of it
// unreadable.
func remove(root string) error {
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			_ = os.Chmod(path, 0o700) // what stays closed, RemoveAll reports
		}
		return nil
	})
	return os.RemoveAll(root)
}
