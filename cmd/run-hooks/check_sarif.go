package main

import (
	"slices"

	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/loader"
)

// The part of SARIF 2.1.0 that a report needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		URI   string      `json:"informationUri"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// printSARIF writes the findings for code scanning.
func (p *program) printSARIF(r checker.Report) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "run-hooks", URI: "https://github.com/run-hooks/run-hooks", Rules: []sarifRule{}}
	levels := map[loader.Severity]string{loader.Error: "error", loader.Warning: "warning", loader.Info: "note"}
	for _, f := range r.Findings {
		place := sarifPhysical{sarifArtifact{f.Pos.File}, sarifRegion{max(1, f.Pos.Line), max(1, f.Pos.Col)}}
		run.Results = append(run.Results, sarifResult{f.Name, levels[f.Severity], sarifText{f.Text()}, []sarifLocation{{place}}})
	}
	for _, l := range checker.Lints() {
		if slices.ContainsFunc(r.Findings, func(f checker.Finding) bool { return f.Name == l.Name }) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{l.Name, sarifText{l.What}})
		}
	}
	text, err := marshal(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
	if err == nil {
		_, err = p.stdout.Write(text)
	}
	return err
}
