package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/run-hooks/run-hooks/loader"
)

// A finding is one fault as check reports it in JSON.
type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Name     string `json:"name"`
	Message  string `json:"message"`
	Cost     string `json:"cost"`
}

// check reports what is wrong with the hook configs of directories and files.
func (p *program) check(context.Context) (int, error) {
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	format := fs.String("format", "text", "")
	strict := fs.Bool("strict", false, "")
	paths, err := parseFlags(fs, p.args)
	if err != nil {
		return exitUsage, err
	}
	if err := oneOf("format", *format, "text", "json"); err != nil {
		return exitUsage, err
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var files []*loader.File
	for _, path := range paths {
		found, err := p.inspect(path)
		if err != nil {
			return exitFail, err
		}
		files = append(files, found...)
	}
	return p.printFindings(files, *format, *strict)
}

// inspect reads the config files of a directory, or the one file at path.
func (p *program) inspect(path string) ([]*loader.File, error) {
	full := p.absolute(path)
	info, err := os.Stat(full)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be checked: %w", path, err)
	}
	o := p.loaderOptions(full, true)
	o.OpenCode = true
	if info.IsDir() {
		return loader.Inspect(o), nil
	}
	o.Start = filepath.Dir(full)
	return []*loader.File{loader.InspectFile(full, path)}, nil
}

// printFindings writes the findings of files and returns the status: found
// faults, or none.
func (p *program) printFindings(files []*loader.File, format string, strict bool) (int, error) {
	all, status := []finding{}, exitOK
	hooks := 0
	for _, file := range files {
		hooks += file.Hooks
		for _, f := range file.Findings {
			if f.Severity == loader.Error || strict && f.Severity == loader.Warning {
				status = exitFound
			}
			all = append(all, finding{f.Pos.File, f.Pos.Line, f.Pos.Col, f.Severity.String(), f.Name, f.Msg, f.Cost})
			if format == "text" {
				fmt.Fprintln(p.stdout, f)
			}
		}
	}
	if format == "json" {
		text, err := marshal(all)
		if err != nil {
			return exitFail, err
		}
		_, err = p.stdout.Write(text)
		return status, err
	}
	fmt.Fprintf(p.stdout, "%d hooks in %d config files, %d findings\n", hooks, len(files), len(all))
	return status, nil
}
