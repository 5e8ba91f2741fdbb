package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// A fakeModel is a running `run-hooks-net model`: this program opens no socket.
type fakeModel struct {
	url   string // base URL of its API
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *bufio.Reader
}

// A modelCall is a tool call that the fake model is to make.
type modelCall struct {
	Tool string         `json:"tool"`
	Args map[string]any `json:"args"`
}

// A modelRequest is what the fake model was sent for one turn.
type modelRequest struct {
	Messages []modelMessage `json:"messages"`
}

// A modelMessage is one of its messages.
type modelMessage struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// startModel starts a fake model that makes these calls, one a turn. It ends with
// ctx, by end, and with this process.
func startModel(ctx context.Context, program string, calls []modelCall) (*fakeModel, error) {
	job, err := json.Marshal(map[string]any{"calls": calls})
	if err != nil {
		return nil, err
	}
	m := &fakeModel{cmd: exec.CommandContext(ctx, program, "model")}
	var errs bytes.Buffer
	m.cmd.Stderr = &errs
	if m.stdin, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	m.out = bufio.NewReader(stdout)
	_, err = m.stdin.Write(append(job, '\n'))
	if err == nil {
		m.url, err = m.out.ReadString('\n')
		m.url = strings.TrimSpace(m.url)
	}
	if err != nil {
		_ = m.stdin.Close()
		_ = m.cmd.Wait()
		return nil, fmt.Errorf("the fake model did not start; are run-hooks and %s of the same version? %s", program, strings.TrimSpace(errs.String()))
	}
	return m, nil
}

// end ends the model and returns what it was asked.
func (m *fakeModel) end() ([]modelRequest, error) {
	_ = m.stdin.Close() // an error shows in what it says then
	var asked []modelRequest
	err := json.NewDecoder(m.out).Decode(&asked)
	if gone := m.cmd.Wait(); err == nil {
		err = gone
	}
	if err != nil {
		return nil, fmt.Errorf("the fake model does not say what it was asked: %w", err)
	}
	return asked, nil
}

// results are the results of tool calls that the model was sent.
func results(asked []modelRequest) []string {
	var out []string
	if len(asked) == 0 {
		return nil
	}
	for _, m := range asked[len(asked)-1].Messages {
		if m.Role == "tool" {
			out = append(out, m.Text)
		}
	}
	return out
}
