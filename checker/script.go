package checker

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// maxScript bounds the scripts that are read, in bytes.
const maxScript = 1 << 20

// A reference is a place in a config that runs a script.
type reference struct {
	path       string // as far as it is known: absolute, or relative to the project
	runner     string // the program that reads the script, "" if it is run itself
	exec       bool   // no shell is between
	start, end int    // in the config file
}

// A script is a file that commands refer to.
type script struct {
	path string
	text string
	lang language
	uses []handler
	out  []Finding
}

// A scriptSet is the scripts of all files, by path.
type scriptSet map[string]*script

// refer judges one reference to a script, and notes the script for its own lints.
func (s scriptSet) refer(h handler, r reference) {
	path := r.path
	if !filepath.IsAbs(path) {
		path = filepath.Join(h.root, filepath.FromSlash(path))
	}
	report := func(severity loader.Severity, name, msg, cost, right string) {
		h.addAt(r.start, r.end, severity, name, msg, cost, right)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		report(loader.Error, "script-not-found", fmt.Sprintf("there is no file %s", shown(h, path)), missingCost(h, r.runner), "")
		return
	case err != nil || !info.Mode().IsRegular() || info.Size() > maxScript:
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		report(loader.Error, "script-not-found", fmt.Sprintf("%s cannot be read", shown(h, path)), missingCost(h, r.runner), "")
		return
	}
	if r.runner == "" {
		lintDirect(h, r, path, info, string(text), report)
	}
	s.note(h, r, path, string(text))
}

// shown names a script in messages: relative to the project.
func shown(h handler, path string) string {
	if rel, err := filepath.Rel(h.root, path); err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	return path
}

// missingCost says what running a script that is not there does: some runners
// exit with 2 then, and that blocks.
func missingCost(h handler, runner string) string {
	switch base := filepath.Base(runner); {
	case (base == "sh" || base == "dash" || strings.HasPrefix(base, "python") || base == "perl") && blocks(h.spec):
		return fmt.Sprintf("%s exits with 2 then, and that blocks every %s", base, h.spec.Name)
	case blocks(h.spec):
		return "the hook fails without blocking anything"
	}
	return "the hook does nothing"
}

// lintDirect judges a script that is run by its own name.
func lintDirect(h handler, r reference, path string, info os.FileInfo, text string, report func(loader.Severity, string, string, string, string)) {
	name := shown(h, path)
	first, _, _ := strings.Cut(text, "\n")
	shebang := strings.HasPrefix(first, "#!")
	if info.Mode()&0o111 == 0 {
		report(loader.Error, "script-not-executable", fmt.Sprintf("%s is not executable", name), "the hook fails with status 126 and blocks nothing", "chmod +x "+name)
	}
	switch {
	case shebang && strings.HasSuffix(first, "\r"):
		report(loader.Error, "script-crlf", fmt.Sprintf("the first line of %s ends in a carriage return, and there is no program of that name", name), "the hook fails with status 127 and blocks nothing", "save it with Unix line ends")
	case shebang || strings.HasPrefix(text, "\x7fELF") || strings.HasPrefix(text, "\xcf\xfa"):
	case r.exec:
		report(loader.Error, "script-no-shebang", fmt.Sprintf("%s has no #! line", name), "it cannot be started, and what it guards goes on", "begin it with a line such as #!/usr/bin/env bash")
	case languageOf("", path, "") == posix || languageOf("", path, "") == bash:
		report(loader.Warning, "script-no-shebang", fmt.Sprintf("%s has no #! line", name), "/bin/sh runs it, not bash", "begin it with #!/usr/bin/env bash")
	default:
		report(loader.Error, "script-no-shebang", fmt.Sprintf("%s has no #! line and is run by /bin/sh", name), notShell(h), "begin it with a line such as #!/usr/bin/env python3")
	}
}

// notShell says what /bin/sh makes of a script in another language.
func notShell(h handler) string {
	if blocks(h.spec) {
		return fmt.Sprintf("that fails, and a syntax error exits with 2 and blocks every %s", h.spec.Name)
	}
	return "that fails"
}

// note keeps a script and who uses it for the lints of its text.
func (s scriptSet) note(h handler, r reference, path, text string) {
	sc := s[path]
	if sc == nil {
		sc = &script{path: path, text: text, lang: languageOf(r.runner, path, text)}
		s[path] = sc
	}
	sc.uses = append(sc.uses, h)
}

// languageOf says what a script is written in: by the program that reads it, its
// first line, its ending.
func languageOf(runner, path, text string) language {
	word := filepath.Base(runner)
	if runner == "" && strings.HasPrefix(text, "#!") {
		first, _, _ := strings.Cut(text[2:], "\n")
		words := strings.Fields(first)
		for i := len(words) - 1; i >= 0 && word == "."; i-- {
			if !strings.HasPrefix(words[i], "-") {
				word = filepath.Base(words[i])
			}
		}
	}
	if word == "." || word == "uv" || word == "npx" || word == "env" {
		word = strings.TrimPrefix(filepath.Ext(path), ".")
		if word == "sh" && runner == "" && !strings.HasPrefix(text, "#!") {
			return posix
		}
	}
	switch {
	case word == "sh" || word == "dash":
		return posix
	case word == "bash" || word == "zsh":
		return bash
	case strings.HasPrefix(word, "py"):
		return python
	case slices.Contains([]string{"node", "nodejs", "bun", "deno", "tsx", "js", "mjs", "cjs", "ts"}, word):
		return javascript
	}
	return otherCode
}

// isScript reports whether a word looks like the name of a script.
func isScript(word string) bool {
	ext := filepath.Ext(word)
	return ext != "" && slices.Contains(strings.Fields(".sh .bash .zsh .py .js .mjs .cjs .ts .mts .rb .pl .php"), ext)
}

// lint runs the lints for programs over every script, once.
func (s scriptSet) lint() {
	for _, path := range slices.Sorted(func(yield func(string) bool) {
		for p := range s {
			if !yield(p) {
				return
			}
		}
	}) {
		sc := s[path]
		p := sc.program()
		if strings.Contains(sc.text, "\r\n") && (sc.lang == posix || sc.lang == bash) {
			sc.lintCRLF(p)
			continue
		}
		if err := p.parse(); err != nil {
			continue // what only its own shell can judge
		}
		p.lint()
		for _, h := range sc.uses {
			lintAsync(h, p)
		}
	}
}

// program makes a program of the script.
func (sc *script) program() *program {
	return &program{
		lang: sc.lang, text: sc.text, uses: sc.uses, name: filepath.Base(sc.path),
		place: func(offset int) int { return offset }, report: sc.add,
	}
}

// add records a finding in the script.
func (sc *script) add(start, end int, severity loader.Severity, name, msg, cost, right string, _ ...Edit) {
	before := sc.text[:min(start, len(sc.text))]
	line := 1 + strings.Count(before, "\n")
	if i := strings.IndexByte(sc.text[len(before):min(max(end, start), len(sc.text))], '\n'); i >= 0 {
		end = start + i
	}
	sc.out = append(sc.out, Finding{
		Finding: loader.Finding{Pos: hook.Pos{Line: line, Col: start - strings.LastIndexByte(before, '\n')}, Severity: severity, Name: name, Msg: msg, Cost: cost},
		Right:   right, Path: sc.path, Width: max(1, end-start),
	})
}

// lintCRLF reports a shell script with Windows line ends that a shell is given
// by name: what stands at the end of a line gets a carriage return.
func (sc *script) lintCRLF(p *program) {
	at := strings.Index(sc.text, "\r\n")
	p.add(at, at+1, loader.Error, "script-crlf", "the script has Windows line ends", "the shell takes each carriage return for part of a word; a syntax error exits with 2", "save it with Unix line ends")
}

// findings returns what was found in all scripts.
func (s scriptSet) findings(display func(string) string) []Finding {
	var out []Finding
	for path, sc := range s {
		for _, f := range sc.out {
			f.Pos.File = display(path)
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return cmp.Compare(a.Pos.File, b.Pos.File) })
	return out
}
