package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/run-hooks/run-hooks/checker"
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
	Right    string `json:"right"`
	Fixable  bool   `json:"fixable"`
}

// printReport writes the report in the format asked for.
func (p *program) printReport(r checker.Report, q checkRequest, mended int) error {
	switch q.format {
	case "json":
		return p.printFindingsJSON(r)
	case "github":
		return p.printGitHub(r)
	case "sarif":
		return p.printSARIF(r)
	}
	out, terminal := p.stdout.(*os.File)
	terminal = terminal && isTerminal(out)
	for _, f := range r.Findings {
		if _, err := fmt.Fprintln(p.stdout, f); err != nil {
			return err
		}
		if terminal {
			printSnippet(p.stdout, f)
		}
	}
	summary := fmt.Sprintf("%s in %s: %s", count(r.Hooks, "hook"), count(r.Files, "config file"), verdict(r))
	if mended > 0 {
		summary += fmt.Sprintf("; %d mended", mended)
	}
	if r.Silenced > 0 {
		summary += fmt.Sprintf("; %d silenced by %s", r.Silenced, checker.SilenceFile)
	}
	_, err := fmt.Fprintln(p.stdout, summary)
	if fixable := fixableIn(r); fixable > 0 && !q.fix {
		p.say.hintf("run-hooks check --fix mends %d of these", fixable)
	}
	return err
}

// count returns "1 thing" or "n things".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// verdict counts what was found.
func verdict(r checker.Report) string {
	var n [3]int
	for _, f := range r.Findings {
		n[f.Severity]++
	}
	if len(r.Findings) == 0 {
		return "nothing wrong was found"
	}
	return fmt.Sprintf("%s, %s, %s", count(n[loader.Error], "error"), count(n[loader.Warning], "warning"), count(n[loader.Info], "note"))
}

func fixableIn(r checker.Report) int {
	n := 0
	for _, f := range r.Findings {
		if len(f.Fix) > 0 {
			n++
		}
	}
	return n
}

// printSnippet shows the line a finding is about, with a caret below it.
func printSnippet(w io.Writer, f checker.Finding) {
	line, at, ok := checker.Snippet(f)
	if !ok {
		return
	}
	number := fmt.Sprintf("%5d | ", f.Pos.Line)
	fmt.Fprintf(w, "%s%s\n%s| %s%s\n", number, line, strings.Repeat(" ", len(number)-2), at, strings.Repeat("^", max(1, min(f.Width, len(line)))))
}

// printFindingsJSON writes the findings as one JSON array.
func (p *program) printFindingsJSON(r checker.Report) error {
	all := []finding{}
	for _, f := range r.Findings {
		all = append(all, finding{f.Pos.File, f.Pos.Line, f.Pos.Col, f.Severity.String(), f.Name, f.Msg, f.Cost, f.Right, len(f.Fix) > 0})
	}
	text, err := marshal(all)
	if err == nil {
		_, err = p.stdout.Write(text)
	}
	return err
}

// printGitHub writes the findings as commands of GitHub Actions, which shows
// them beside the lines of a pull request.
func (p *program) printGitHub(r checker.Report) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	words := map[loader.Severity]string{loader.Error: "error", loader.Warning: "warning", loader.Info: "notice"}
	for _, f := range r.Findings {
		_, err := fmt.Fprintf(p.stdout, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", words[f.Severity],
			property.Replace(f.Pos.File), max(1, f.Pos.Line), max(1, f.Pos.Col), property.Replace("run-hooks "+f.Name), message.Replace(f.Text()))
		if err != nil {
			return err
		}
	}
	return nil
}
