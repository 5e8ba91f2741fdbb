package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// A checkRequest is what check was asked to do.
type checkRequest struct {
	paths   []string // none: here, with the user's and the managed settings
	format  string
	as      string
	strict  bool
	fix     bool
	require []requirement
}

// A requirement is one harness under which hooks must run or block.
type requirement struct {
	harness  mapper.Harness
	blocking bool
}

// check reports what is wrong with the hook configs of directories and files.
func (p *program) check() (int, error) {
	q, err := readCheck(p.args)
	if err != nil {
		return exitUsage, err
	}
	report, err := p.inspect(q)
	if err != nil {
		return exitFail, err
	}
	mended := 0
	if q.fix {
		if report, mended, err = p.mend(q, report); err != nil {
			return exitFail, err
		}
	}
	if err := p.printReport(report, q, mended); err != nil {
		return exitFail, err
	}
	if worst, any := report.Worst(); any && (worst == loader.Error || q.strict && worst == loader.Warning) {
		return exitFound, nil
	}
	return exitOK, nil
}

// readCheck reads the arguments of check.
func readCheck(args []string) (checkRequest, error) {
	var q checkRequest
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	fs.StringVar(&q.format, "format", "text", "")
	fs.StringVar(&q.as, "as", "", "")
	fs.BoolVar(&q.strict, "strict", false, "")
	fs.BoolVar(&q.fix, "fix", false, "")
	fs.Func("require", "", func(text string) error {
		r, err := readRequirement(text)
		q.require = append(q.require, r)
		return err
	})
	var err error
	if q.paths, err = parseFlags(fs, args); err != nil {
		return q, err
	}
	if err := oneOf("format", q.format, "text", "json", "github", "sarif"); err != nil {
		return q, err
	}
	if q.as != "" && !slices.Contains(checker.Kinds(), checker.Kind(q.as)) {
		return q, usagef("--as %q is no kind of config file; they are %s", q.as, kindWords())
	}
	return q, nil
}

func kindWords() string {
	var words []string
	for _, k := range checker.Kinds() {
		words = append(words, string(k))
	}
	return strings.Join(words, ", ")
}

// readRequirement reads HARNESS or HARNESS=blocks.
func readRequirement(text string) (requirement, error) {
	name, what, given := strings.Cut(text, "=")
	if given && what != "blocks" {
		return requirement{}, fmt.Errorf("what is required of %s can only be blocks, not %q", name, what)
	}
	h, err := harnessNamed(name)
	return requirement{h, given}, err
}

// inspect looks at what q names.
func (p *program) inspect(q checkRequest) (checker.Report, error) {
	o := checker.Options{Cwd: p.cwd, As: checker.Kind(q.as)}
	for _, path := range q.paths {
		full := p.absolute(path)
		var missing *os.PathError
		if _, err := os.Stat(full); errors.As(err, &missing) {
			return checker.Report{}, fmt.Errorf("%s cannot be checked: %w", path, missing.Err)
		}
		o.Paths = append(o.Paths, full)
	}
	if len(q.paths) == 0 {
		o.Paths, o.User, o.Managed = []string{p.cwd}, p.configDir, hook.ManagedDir()
	}
	report, err := checker.Check(o)
	if err != nil {
		return report, err
	}
	for _, dir := range o.Paths {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			p.addRequired(&report, dir, q.require)
		}
	}
	return report, nil
}

// mend fixes what is certain and looks again, until there is no more to fix: a
// mended event shows what is wrong below it. It gives up after a few rounds.
func (p *program) mend(q checkRequest, report checker.Report) (checker.Report, int, error) {
	total := 0
	for range 5 {
		n, err := checker.Mend(report.Findings)
		if total += n; n == 0 || err != nil {
			return report, total, err
		}
		if report, err = p.inspect(q); err != nil {
			return report, total, err
		}
	}
	return report, total, nil
}

// addRequired adds the hooks of the project at dir that fall short of what is
// required.
func (p *program) addRequired(report *checker.Report, dir string, required []requirement) {
	for _, r := range required {
		o := p.loaderOptions(dir, true)
		o.OpenCode = r.harness.Name == "opencode"
		for _, f := range checker.Require(loader.Load(o), r.harness, r.blocking) {
			if rel, ok := strings.CutPrefix(dir, p.cwd+"/"); ok && !strings.HasPrefix(f.Pos.File, "~") {
				f.Pos.File = rel + "/" + f.Pos.File
			}
			report.Findings = append(report.Findings, f)
		}
		report.Findings = append(report.Findings, p.switchedOff(dir, r.harness.Name)...)
	}
}

// switchedOff finds what in the project at dir keeps a harness from running any
// hook. What the user's own config or environment says is no matter of the project's.
func (p *program) switchedOff(dir, harness string) []checker.Finding {
	chosen, err := agentsNamed([]string{harness})
	if err != nil {
		return nil // Claude Code itself
	}
	var out []checker.Finding
	for _, s := range chosen[0].SwitchedOff(installer.Options{Project: dir}, func(string) string { return "" }) {
		f := checker.Finding{Finding: loader.Finding{Pos: s.Pos, Severity: loader.Error, Name: "require", Msg: s.What}, Path: s.Pos.File, Width: 1}
		f.Pos.File = p.relative(s.Pos.File)
		out = append(out, f)
	}
	return out
}
