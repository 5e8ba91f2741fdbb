package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// A modelJob is the first line of what `model` reads: the tool calls that the
// fake model makes, one a turn. After them it answers "done".
type modelJob struct {
	Calls []scriptedCall `json:"calls"`
}

// A scriptedCall is one tool call, in the client's own terms.
type scriptedCall struct {
	Tool string         `json:"tool"`
	Args map[string]any `json:"args"`
}

// playModel is `run-hooks-net model`: a fake model on loopback, for `run-hooks
// doctor --fire`. It prints the base URL of its API as one line, plays its script
// until stdin ends, and prints the requests of the main conversation as a JSON
// array of fakemodel.Request.
func playModel(stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return trouble("stdin holds no job; wanted a line with the calls to make")
	}
	var job modelJob
	if err := (input{job: bytes.TrimSpace(line)}).decode(&job); err != nil {
		return err
	}
	server, err := fakemodel.Start(job.turns()...)
	if err != nil {
		return trouble("cannot listen on loopback")
	}
	defer func() { _ = server.Close() }()
	if _, err := fmt.Fprintln(stdout, server.URL); err != nil {
		return trouble("cannot write the address")
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return trouble("cannot read stdin")
	}
	asked := append([]fakemodel.Request{}, server.Requests(fakemodel.Main)...)
	if err := json.NewEncoder(stdout).Encode(asked); err != nil {
		return trouble("cannot write what the model was asked")
	}
	return nil
}

// turns is the script of the job.
func (j modelJob) turns() []fakemodel.Turn {
	var out []fakemodel.Turn
	for _, c := range j.Calls {
		out = append(out, fakemodel.Turn{Calls: []fakemodel.Call{{Tool: c.Tool, Args: c.Args}}})
	}
	return out
}
