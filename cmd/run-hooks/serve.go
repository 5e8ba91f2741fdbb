package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// serve answers native events, one JSON object a line, until stdin closes. Many
// may be under way at once; an answer carries the "id" of its request, and
// answers come in the order in which they are ready. A request {"event":
// "status"} is answered by a summary of the hooks in effect. A line that begins
// with transcriptMark is taken down before the next is read, and not answered.
func (p *program) serve() (int, error) {
	b, err := p.newBridge("serve")
	if err != nil {
		return exitUsage, err
	}
	b.resident = true
	go b.sweep()
	ctx, stop := context.WithCancel(p.life())
	b.life = func() context.Context { return ctx }
	lines, ended := readLines(p.stdin)
	var requests sync.WaitGroup
	var out sync.Mutex
	for {
		select {
		case line := <-lines:
			b.take(line, &requests, &out)
		case err = <-ended: // the agent is gone: what still runs is for nobody
			stop()
			requests.Wait()
			return exitOK, err // an error has its own status
		case <-ctx.Done():
			stop()
			requests.Wait()
			return exitFail, errors.New("told to stop")
		}
	}
}

// take begins to answer one line; a line of a transcript is dealt with before it
// returns, as their order counts.
func (b *bridge) take(line []byte, requests *sync.WaitGroup, out *sync.Mutex) {
	switch {
	case bytes.HasPrefix(line, []byte(transcriptMark)):
		b.transcribe(line)
	case len(trimmed(line)) > 0:
		requests.Go(func() {
			answer := b.answerLine(line)
			out.Lock()
			defer out.Unlock()
			_, _ = b.stdout.Write(answer)
		})
	}
}

// readLines delivers the lines of r, and after the last of them how r ended:
// nil for the end of the file.
func readLines(r io.Reader) (<-chan []byte, <-chan error) {
	lines, ended := make(chan []byte), make(chan error)
	go func() {
		in := bufio.NewReaderSize(r, 64<<10)
		for {
			line, err := in.ReadBytes('\n')
			lines <- line
			switch {
			case errors.Is(err, io.EOF):
				ended <- nil
				return
			case err != nil:
				ended <- fmt.Errorf("stdin cannot be read: %w", err)
				return
			}
		}
	}()
	return lines, ended
}

// answerLine answers one request line by one line. An answer that is not all in
// its JSON also has the "exit" status it would have had.
func (b *bridge) answerLine(line []byte) (answer []byte) {
	var id json.RawMessage
	defer func() {
		if cause := recover(); cause != nil {
			b.say.errorf("internal error: %v", cause)
			answer = withID(id, hook.Object{}.With("exit", json.RawMessage("3")).JSON())
		}
	}()
	request, err := hook.ParseObject(line)
	if err != nil {
		return withID(nil, whole(b.refuse(b.cwd, "", fmt.Errorf("a request is no JSON object: %w", err))))
	}
	id, _ = request.Get("id")
	if answer := b.ownAnswer(request); answer != nil {
		return withID(id, answer)
	}
	return withID(id, whole(b.respond(line)))
}

// whole returns a response as one JSON object.
func whole(r mapper.Response) []byte {
	if r.Exit == exitOK {
		return r.Stdout
	}
	o, err := hook.ParseObject(r.Stdout)
	if err != nil {
		o = hook.Object{}
	}
	return o.With("exit", json.RawMessage(strconv.Itoa(r.Exit))).JSON()
}

// ownAnswer answers what is asked of the program itself and not of hooks, nil
// for any other request.
func (b *bridge) ownAnswer(request hook.Object) []byte {
	event, _ := request.Get("event")
	dir, _ := request.Get("directory")
	switch hook.Text(event) {
	case "status":
		return b.status(hook.Text(dir))
	case "shell.env":
		return b.shellEnv(b.life(), request)
	}
	return nil
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

// status sums up the hooks in effect for a session started in dir. "words" is
// the same for people, on one line.
func (b *bridge) status(dir string) []byte {
	cfg := b.config(dir)
	live, cannot := 0, b.unable(cfg)
	for _, c := range cfg.Handlers() {
		if c.Run {
			live++
		}
	}
	words := fmt.Sprintf("%s for %s", count(live-len(cannot), "hook"), cfg.Project)
	if len(cannot) > 0 {
		words += fmt.Sprintf(", %d that cannot run here", len(cannot))
	}
	if untrusted(cfg) {
		words += ", the folder is not trusted"
	}
	text, _ := marshal(map[string]any{
		"version": versionText(), "project": cfg.Project, "hooks": live, "guarded": guarded(cfg),
		"problems": append(append([]string{}, b.problems(cfg)...), cannot...), "trusted": !untrusted(cfg), "words": words,
	})
	return text
}

// unable says of each hook that is on why it cannot run under this harness.
func (b *bridge) unable(cfg *loader.Config) []string {
	var out []string
	for _, c := range cfg.Handlers() {
		if !c.Run {
			continue
		}
		if _, ok := b.harness.Can(c.Handler.Event); !ok {
			out = append(out, fmt.Sprintf("run-hooks: warning: %s: this hook does not run: %s has no event for %s", c.Handler.Pos, b.harness.Name, c.Handler.Event))
		}
	}
	return out
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
