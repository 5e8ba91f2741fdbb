package e2e

import (
	"bytes"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is a client that goes on until the test ends it.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	mu     sync.Mutex
	output bytes.Buffer
	ended  chan struct{}
}

// launch starts the client in the project, in a process group of its own.
func (l *lab) launch(env []string, args ...string) *process {
	l.Helper()
	client, err := openCode()
	if err != nil {
		l.Fatal(err)
	}
	return l.background(l.project, client, append(l.environment(), env...), args...)
}

// background starts a client in dir, with that environment and no other.
func (l *lab) background(dir, client string, env []string, args ...string) *process {
	l.Helper()
	p := &process{cmd: exec.Command(client, args...), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		l.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.begin(l.T)
	return p
}

// begin starts the process, and ends it with the test.
func (p *process) begin(t *testing.T) {
	t.Helper()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.ended
		if t.Failed() {
			t.Logf("the client said:\n%s", p.said())
		}
	})
}

// Write takes what the client prints.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// end waits for the process to end by itself.
func (p *process) end(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatal("the client does not end")
	}
}

// until waits for something that is not announced. The time is a guard against
// hanging.
func (l *lab) until(what string, is func() bool) {
	l.Helper()
	for begun := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > patience {
			l.Fatalf("waited for %s in vain", what)
		}
	}
}
