package e2e

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/run-hooks/run-hooks/installer"
)

// runHooksNet builds run-hooks-net beside run-hooks, whose path it returns.
var runHooksNet = sync.OnceValues(func() (string, error) {
	program, err := runHooks()
	if err != nil {
		return "", err
	}
	file := filepath.Join(filepath.Dir(program), "run-hooks-net")
	if out, err := exec.Command("go", "build", "-o", file, "../cmd/run-hooks-net").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

// A fired is a user in a project who runs `run-hooks doctor --fire`.
type fired struct {
	*lab
	harness string
	client  string
	env     []string
}

// fire sets one up. Nothing of an agent's is there yet.
func fire(t *testing.T, harness string) *fired {
	need(t)
	t.Parallel()
	program, err := runHooksNet()
	if err != nil {
		t.Fatal(err)
	}
	client, err := realAgents()[harness].client()
	if err != nil {
		t.Fatal(err)
	}
	f := &fired{lab: &lab{T: t, home: t.TempDir(), project: t.TempDir(), program: program}, harness: harness, client: client}
	f.put(f.project, ".git/HEAD", "ref: refs/heads/main\n")
	f.env = []string{"HOME=" + f.home, "PATH=" + filepath.Dir(program) + ":" + qwenPath(f.lab), "TMPDIR=" + t.TempDir()}
	return f
}

// runs runs run-hooks.
func (f *fired) runs(args ...string) result {
	f.Helper()
	return f.start(f.project, f.env, f.program, args...)
}

// doctor is the command.
func (f *fired) doctor() result {
	f.Helper()
	return f.runs("doctor", "--fire", f.harness, "--client", f.client)
}

// init bridges the harness for the user.
func (f *fired) init() {
	f.Helper()
	if r := f.runs("init", f.harness, "--global"); r.status != 0 {
		f.Fatalf("init: %s", r.stderr)
	}
}

// says reports a run of another status, or that does not say one of these.
func (f *fired) says(r result, status int, texts ...string) {
	f.Helper()
	if r.status != status {
		f.Errorf("status %d, not %d: %s%s", r.status, status, r.stdout, r.stderr)
	}
	for _, want := range texts {
		f.contains("stdout", r.stdout, want)
	}
}

// doctor finds that each real client obeys, be the bridge made for that or the
// user's own. Codex has not reviewed it then.
func TestDoctorFire(t *testing.T) {
	for harness := range realAgents() {
		t.Run(harness+"/fresh", func(t *testing.T) {
			f := fire(t, harness)
			f.says(f.doctor(), 0, "fires: "+harness+" obeys a denial (", "your own config here: not bridged")
		})
		if harness == "codex" {
			continue
		}
		t.Run(harness+"/own", func(t *testing.T) {
			f := fire(t, harness)
			f.init()
			f.says(f.doctor(), 0, "fires: "+harness+" obeys a denial (", "with what your own config says of hooks: "+f.home, "your own config here: bridged for you")
		})
	}
}

// Every switch that doctor knows of keeps the real client from asking the bridge,
// and doctor finds that it is the config; of one that is about some calls alone it
// tells. One of the user's and of the project's stands for both.
func TestDoctorFireSwitchedOff(t *testing.T) {
	for _, a := range installer.Agents() {
		if _, runs := realAgents()[a.Name]; !runs {
			continue
		}
		for i, l := range a.Layers(installer.Options{Home: "home", Project: "project"}) {
			if !l.Global && l.User != "" {
				continue
			}
			for path, off := range l.Off {
				t.Run(a.Name+"/"+l.Path+"/"+path, func(t *testing.T) {
					f := fire(t, a.Name)
					at := a.Layers(installer.Options{Home: f.home, Project: f.project})[i].Path
					f.put(filepath.Dir(at), filepath.Base(at), configWith(t, at, path, off))
					if l.Unasked[path] == "" {
						f.isOff(path + " is ")
						return
					}
					f.init()
					f.says(f.doctor(), 0, "fires: "+f.harness+" obeys a denial (", path+" is ", "asks no hook about "+l.Unasked[path])
				})
			}
		}
		for _, name := range a.OffEnv {
			t.Run(a.Name+"/"+name, func(t *testing.T) {
				f := fire(t, a.Name)
				f.env = append(f.env, name+"=1")
				f.isOff(name + " is 1")
			})
		}
	}
}

// isOff: doctor finds that hooks are switched off, and by what.
func (f *fired) isOff(by string) {
	f.Helper()
	f.init()
	f.says(f.doctor(), 1, "fires: "+f.harness+" makes calls without asking hooks\n    the fault is in your own config: without it "+f.harness+" obeys a denial\n", by)
}

// configWith is a config with one value. A word is one of a list.
func configWith(t *testing.T, file, path string, value any) string {
	t.Helper()
	if word, ok := value.(string); ok {
		value = []string{word}
	}
	root := map[string]any{}
	names := strings.Split(path, ".")
	for i := len(names) - 1; i >= 0; i-- {
		root = map[string]any{names[i]: value}
		value = root
	}
	text, err := json.Marshal(root)
	if filepath.Ext(file) == ".toml" {
		text, err = toml.Marshal(root)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Codex runs what was reviewed, and nothing else, and says nothing of that; doctor
// tells one from the other by what the user's own config holds.
func TestDoctorFireReview(t *testing.T) {
	f := fire(t, "codex")
	f.init()
	f.says(f.doctor(), 1, "fires: codex makes calls without asking hooks", "Codex runs a hook only after you have reviewed it", "/hooks")
	f.contains("what doctor says", f.runs("doctor").stdout, "/.codex/hooks.json: Codex was shown 0 of the bridge's 11 hooks, and runs no other")
	f.review(filepath.Join(f.home, ".codex", "hooks.json"))
	f.lacks("what doctor says", f.runs("doctor").stdout, "Codex was shown")
	f.says(f.doctor(), 0, "fires: codex obeys a denial (", "/.codex/config.toml")
}

// review writes down that the user has reviewed every hook of a file, as Codex does
// it (§2.3 of the Codex record).
func (f *fired) review(file string) {
	f.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	var config struct {
		Hooks map[string][]struct{ Hooks []map[string]any }
	}
	if err := json.Unmarshal(text, &config); err != nil {
		f.Fatal(err)
	}
	state := ""
	for event, groups := range config.Hooks {
		handler := groups[0].Hooks[0]
		handler["async"] = false
		name := strings.ToLower(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(event, "${1}_$2"))
		var reviewed strings.Builder
		to := json.NewEncoder(&reviewed)
		to.SetEscapeHTML(false)
		if err := to.Encode(map[string]any{"event_name": name, "hooks": []any{handler}}); err != nil {
			f.Fatal(err)
		}
		state += fmt.Sprintf("[hooks.state.%q]\ntrusted_hash = \"sha256:%x\"\n", file+":"+name+":0:0", sha256.Sum256([]byte(strings.TrimSuffix(reviewed.String(), "\n"))))
	}
	f.put(filepath.Dir(file), "config.toml", state)
}
