package main

import (
	"bytes"
	"encoding/json"
	"io"
)

// An input is what the parent wrote to stdin.
type input struct {
	job   []byte // JSON object
	event []byte // JSON, without the newline that ended it
}

// readInput reads all of stdin. Every error is a trouble.
func readInput(stdin io.Reader) (input, error) {
	all, err := io.ReadAll(stdin)
	if err != nil {
		return input{}, trouble("cannot read stdin")
	}
	job, event, _ := bytes.Cut(all, []byte("\n"))
	event = bytes.TrimSuffix(event, []byte("\n"))
	if len(event) == 0 {
		return input{}, trouble("stdin holds no event; wanted a line with the job and a line with the event")
	}
	return input{job: job, event: event}, nil
}

// decode reads the job into v, a pointer to a struct. A member that v does not
// know is an error: a newer run-hooks may mean a restriction by it. The error is
// a trouble and quotes nothing of the job.
func (in input) decode(v any) error {
	dec := json.NewDecoder(bytes.NewReader(in.job))
	dec.DisallowUnknownFields()
	if dec.Decode(v) != nil || dec.More() {
		return trouble("cannot read the job; are run-hooks and run-hooks-net of the same version?")
	}
	return nil
}
