package installer

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// A codexConfig is what Codex's config says of what the user has taken for good
// (§2.3 of the Codex record).
type codexConfig struct {
	Projects map[string]struct {
		Level string `toml:"trust_level"`
	} `toml:"projects"`
	Hooks struct {
		State map[string]struct {
			Hash    string `toml:"trusted_hash"`
			Enabled *bool  `toml:"enabled"`
		} `toml:"state"`
	} `toml:"hooks"`
}

// codexUnreviewed says what of the bridge Codex does not run, without a word, because
// the user has not reviewed it there, or not told it to trust the project. Where
// there is no bridge it is nothing.
func codexUnreviewed(o Options) []string {
	var out []string
	o.Global = true
	dir, err := o.directory("codex", ".codex")
	if err != nil {
		return nil
	}
	var config codexConfig
	if text, err := read(filepath.Join(dir, "config.toml")); err != nil || toml.Unmarshal(text, &config) != nil {
		return nil // Codex itself complains
	}
	out = append(out, config.unreviewed(filepath.Join(dir, "hooks.json"))...)
	project := o.Project
	if main := inMainCheckout(project); main != "" {
		project = main
	}
	file := filepath.Join(project, ".codex", "hooks.json")
	if ours, _ := config.reviewed(file); ours == 0 {
		return out
	}
	if !config.trusts(o.Project) && !config.trusts(project) {
		return append(out, fmt.Sprintf("%s: Codex is not told to trust the project, and runs no hook of it: start codex there, or give codex exec --trust", file))
	}
	return append(out, config.unreviewed(file)...)
}

// trusts reports whether the user trusts a directory, or the repository it is in.
func (c codexConfig) trusts(dir string) bool {
	for _, at := range []string{dir, workTree(dir)} {
		if at != "" && c.Projects[at].Level == "trusted" {
			return true
		}
	}
	return false
}

func (c codexConfig) unreviewed(file string) []string {
	ours, reviewed := c.reviewed(file)
	if reviewed == ours {
		return nil
	}
	return []string{fmt.Sprintf("%s: Codex was shown %d of the bridge's %d hooks, and runs no other: type /hooks in codex", file, reviewed, ours)}
}

// reviewed counts the bridge's hooks in a file, and those of them that Codex runs.
func (c codexConfig) reviewed(file string) (ours, reviewed int) {
	text, err := read(file)
	var config struct {
		Hooks map[string][]struct {
			Matcher *string          `json:"matcher"`
			Hooks   []map[string]any `json:"hooks"`
		} `json:"hooks"`
	}
	if text == nil || err != nil || json.Unmarshal(text, &config) != nil {
		return 0, 0
	}
	for event, groups := range config.Hooks {
		for g, group := range groups {
			for h, handler := range group.Hooks {
				command, _ := handler["command"].(string)
				if _, is := (hooksFile{Harness: "codex"}).ours(command); !is {
					continue
				}
				ours++
				key := fmt.Sprintf(":%s:%d:%d", codexEvent(event), g, h)
				if c.runs(file, key, codexHash(event, group.Matcher, handler)) {
					reviewed++
				}
			}
		}
	}
	return ours, reviewed
}

// runs reports whether Codex runs the hook of a file that has that key and hash.
func (c codexConfig) runs(file, key, hash string) bool {
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		real = file
	}
	return slices.ContainsFunc([]string{file, real}, func(path string) bool {
		s := c.Hooks.State[path+key]
		return s.Hash == hash && (s.Enabled == nil || *s.Enabled)
	})
}

// codexEvent is Codex's own name of an event: pre_tool_use.
func codexEvent(event string) string {
	return strings.ToLower(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(event, "${1}_$2"))
}

// codexHash is that of what the user reviews, for a command as init writes it: no
// default is to be filled in but async.
func codexHash(event string, matcher *string, handler map[string]any) string {
	said := map[string]any{"async": false}
	for _, name := range []string{"type", "command", "timeout", "async", "statusMessage", "additionalContextLimit"} {
		if value, ok := handler[name]; ok {
			said[name] = value
		}
	}
	whole := map[string]any{"event_name": codexEvent(event), "hooks": []any{said}}
	if matcher != nil {
		whole["matcher"] = *matcher
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	if err := to.Encode(whole); err != nil {
		return "" // of strings, numbers and maps: cannot be
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(bytes.TrimSuffix(text.Bytes(), []byte("\n"))))
}
