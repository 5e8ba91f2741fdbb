package hook_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/run-hooks/run-hooks"

// A rule says what a package may import, and why no more.
type rule struct {
	pkg    string
	ours   []string // packages of this module it may import
	others []string // third-party modules it may import
	never  []string // standard packages it may not import
	why    string
}

// rules is the dependency table of docs/architecture.md.
func rules() []rule {
	return []rule{
		{pkg: "", never: []string{"os", "os/exec", "net", "net/http"},
			why: "the words everyone speaks must be usable anywhere and touch nothing"},
		{pkg: "loader", ours: []string{""}, never: []string{"os/exec", "net", "net/http"},
			others: []string{"github.com/tailscale/hujson", "github.com/dlclark/regexp2", "github.com/pelletier/go-toml", "mvdan.cc/sh", "github.com/bmatcuk/doublestar"},
			why:    "reading configs starts nothing and knows no agent"},
		{pkg: "mapper", ours: []string{""}, never: []string{"os", "os/exec", "net", "net/http", "time", "path/filepath"},
			why: "a dialect is a pure function of bytes, so that golden vectors can test it"},
		{pkg: "executor", ours: []string{""}, never: []string{"net", "net/http"},
			others: []string{"golang.org/x/sync"},
			why:    "running hooks knows neither where they were configured nor who asked"},
		{pkg: "checker", ours: []string{"", "loader", "mapper"}, never: []string{"os/exec", "net", "net/http"},
			others: []string{"mvdan.cc/sh", "github.com/bmatcuk/doublestar"},
			why:    "a lint reads and never runs"},
		{pkg: "installer", ours: []string{"", "mapper"}, never: []string{"os/exec", "net", "net/http"},
			others: []string{"github.com/tailscale/hujson", "github.com/pelletier/go-toml"},
			why:    "installing edits agents' configs and knows nothing of hooks' own"},
	}
}

// TestImports holds the dependency table.
func TestImports(t *testing.T) {
	for _, r := range rules() {
		path := strings.TrimSuffix(module+"/"+r.pkg, "/")
		for _, imp := range goList(t, `{{join .Imports "\n"}}`, path) {
			if !r.allows(imp) {
				t.Errorf("%s imports %s, but %s", path, imp, r.why)
			}
		}
	}
}

func (r rule) allows(imp string) bool {
	if ours, ok := strings.CutPrefix(imp, module); ok {
		return slices.Contains(r.ours, strings.TrimPrefix(ours, "/"))
	}
	if strings.Contains(strings.Split(imp, "/")[0], ".") {
		return slices.ContainsFunc(r.others, func(m string) bool { return strings.HasPrefix(imp, m) })
	}
	return !slices.Contains(r.never, imp)
}

// TestNoNetwork holds that the program everyone's hooks run through links no
// network code: only run-hooks-net opens a socket.
func TestNoNetwork(t *testing.T) {
	for _, dep := range goList(t, `{{join .Deps "\n"}}`, module+"/cmd/run-hooks") {
		if dep == "net" || strings.HasPrefix(dep, "net/http") || dep == "crypto/tls" {
			t.Errorf("cmd/run-hooks links %s", dep)
		}
	}
}

// TestNobodyImportsCommands holds that cmd packages are ends, not parts.
func TestNobodyImportsCommands(t *testing.T) {
	for _, line := range goList(t, `{{range .Imports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}`, module+"/...") {
		from, to, _ := strings.Cut(line, " ")
		if strings.HasPrefix(to, module+"/cmd/") {
			t.Errorf("%s imports %s", from, to)
		}
	}
}

// goList asks the go command about packages and returns its lines.
func goList(t *testing.T, format string, packages ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-f", format}, packages...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return slices.DeleteFunc(strings.Split(string(out), "\n"), func(line string) bool { return line == "" })
}
