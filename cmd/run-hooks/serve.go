package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// serve answers native events, one JSON object a line, until stdin closes. Many
// may be under way at once; an answer carries the "id" of its request, and
// answers come in the order in which they are ready. A request {"event":
// "status"} is answered by a summary of the hooks in effect.
func (p *program) serve(ctx context.Context) (int, error) {
	b, err := p.newBridge("serve")
	if err != nil {
		return exitUsage, err
	}
	b.resident = true
	ctx, stop := context.WithCancel(ctx)
	var requests sync.WaitGroup
	var out sync.Mutex
	in := bufio.NewReaderSize(p.stdin, 64<<10)
	for {
		line, err := in.ReadBytes('\n')
		if len(trimmed(line)) > 0 {
			requests.Go(func() {
				answer := b.answerLine(ctx, line)
				out.Lock()
				defer out.Unlock()
				_, _ = p.stdout.Write(answer)
			})
		}
		if err != nil {
			stop() // the agent is gone: what still runs is for nobody
			requests.Wait()
			if !errors.Is(err, io.EOF) {
				return exitFail, fmt.Errorf("stdin cannot be read: %w", err)
			}
			return exitOK, nil
		}
	}
}

// answerLine answers one request line by one line.
func (b *bridge) answerLine(ctx context.Context, line []byte) []byte {
	request, err := hook.ParseObject(line)
	if err != nil {
		r := b.refuse(b.cwd, "", fmt.Errorf("a request is no JSON object: %w", err))
		return withID(nil, r.Stdout)
	}
	id, _ := request.Get("id")
	if event, _ := request.Get("event"); hook.Text(event) == "status" {
		dir, _ := request.Get("directory")
		return withID(id, b.status(hook.Text(dir)))
	}
	return withID(id, b.respond(ctx, line).Stdout)
}

// withID returns answer, a JSON object or nothing, as a line with the id before
// its other members.
func withID(id json.RawMessage, answer []byte) []byte {
	if id == nil {
		id = json.RawMessage("null")
	}
	o := hook.Object{{Name: "id", Value: id}}
	if rest, err := hook.ParseObject(answer); err == nil {
		o = append(o, rest...)
	}
	return append(o.JSON(), '\n')
}

// status sums up the hooks in effect for a session started in dir.
func (b *bridge) status(dir string) []byte {
	cfg := b.config(dir)
	live := 0
	for _, c := range cfg.Handlers() {
		if c.Run {
			live++
		}
	}
	text, _ := marshal(map[string]any{
		"version": versionText(), "project": cfg.Project, "hooks": live, "guarded": guarded(cfg),
		"problems": append([]string{}, problems(cfg)...), "trusted": !untrusted(cfg),
	})
	return text
}

// untrusted reports whether hooks of the project are held back.
func untrusted(cfg *loader.Config) bool {
	for _, f := range cfg.Files {
		if f.Status == loader.Untrusted {
			return true
		}
	}
	return false
}
