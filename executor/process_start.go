package executor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// startWaiting is start, but where the system has no file or process to spare it
// waits, within the process's limit, until other hooks have given some back.
func (p process) startWaiting(ctx context.Context) (*child, error) {
	deadline := time.Now().Add(min(p.limit, scarceFor))
	for {
		c, err := p.start(ctx)
		scarce := errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.EAGAIN)
		if !scarce || time.Now().After(deadline) {
			return c, err
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// scarceFor is how long a start is tried again that the system has no room for.
const scarceFor = 30 * time.Second

// start starts p and the goroutines that serve it.
func (p process) start(ctx context.Context) (*child, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mark := newMark()
	env := marked(p.env, mark)
	path, err := p.lookup(env)
	if err != nil {
		return nil, err
	}
	ours, theirs, err := pipes()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	pid, err := p.spawn(ctx, path, env, theirs)
	closeAll(theirs)
	if err != nil {
		closeAll(ours)
		return nil, p.explain(path, err)
	}
	c := &child{
		pid: pid, mark: mark, began: began,
		stdin: ours[0], stdout: ours[1], stderr: ours[2],
		out: capture{max: maxStdout}, errs: capture{max: maxStderr},
		ended: make(chan struct{}), release: make(chan struct{}), reaped: make(chan struct{}),
		faults: make(chan error, 4),
	}
	if p.announce != nil {
		c.first = make(chan []byte, 1)
		c.out.first = c.first
	}
	c.serve(p.stdin)
	return c, nil
}

// spawn starts the program. It is package syscall that does it because package
// os makes trial processes first, to find out what the system can; that would
// be felt at every call.
//
// A program file that is open for writing is tried again for a quarter of a
// second: where many processes are started at once, one that is not yet the
// other program holds what was open when it was forked.
func (p process) spawn(ctx context.Context, path string, env []string, stdio []*os.File) (pid int, err error) {
	attr := &syscall.ProcAttr{Dir: p.dir, Env: env, Sys: &syscall.SysProcAttr{Setsid: true}}
	for _, f := range stdio {
		attr.Files = append(attr.Files, f.Fd())
	}
	for pause := time.Millisecond; ; pause *= 2 {
		pid, _, err = syscall.StartProcess(path, p.argv, attr)
		if err != syscall.ETXTBSY || pause > 128*time.Millisecond {
			return pid, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// explain says what err, a failed start, is about: the working directory where
// that is at fault, which the system reports as if the program were missing.
func (p process) explain(path string, err error) error {
	if p.dir != "" {
		info, bad := os.Stat(p.dir)
		if bad == nil && !info.IsDir() {
			bad = &fs.PathError{Op: "chdir", Path: p.dir, Err: syscall.ENOTDIR}
		}
		if bad != nil {
			return fmt.Errorf("working directory: %w", bad)
		}
	}
	return &fs.PathError{Op: "exec", Path: path, Err: err}
}

// pipes opens the three pipes of a process: ours and theirs are their ends, in
// the order stdin, stdout, stderr.
func pipes() (ours, theirs []*os.File, err error) {
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ours)
			closeAll(theirs)
			return nil, nil, err
		}
		if i == 0 {
			r, w = w, r
		}
		ours, theirs = append(ours, r), append(theirs, w)
	}
	return ours, theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// lookup returns the file of p's program. It looks in PATH of env, not in that
// of this program, and takes relative entries from p.dir, as the program would
// if it were there. A file that may not be executed is the error only if there
// is no other one.
func (p process) lookup(env []string) (string, error) {
	if len(p.argv) == 0 || p.argv[0] == "" {
		return "", errors.New("no program is named")
	}
	name := p.argv[0]
	if strings.Contains(name, "/") {
		return name, nil // a relative one is resolved after the change of directory
	}
	failure := &fs.PathError{Op: "exec", Path: name, Err: syscall.ENOENT}
	for _, dir := range filepath.SplitList(pathOf(env)) {
		file := filepath.Join(dir, name)
		if !filepath.IsAbs(file) {
			file = filepath.Join(p.dir, file)
		}
		err := executable(file)
		if err == nil {
			return file, nil
		}
		if errors.Is(err, fs.ErrPermission) {
			failure = &fs.PathError{Op: "exec", Path: file, Err: syscall.EACCES}
		}
	}
	return "", failure
}

// pathOf returns PATH of env; where there is none, what the C library takes.
func pathOf(env []string) string {
	for _, entry := range env {
		if path, ok := strings.CutPrefix(entry, "PATH="); ok {
			return path
		}
	}
	return "/bin:/usr/bin"
}

// executable returns why file cannot be executed, nil if it can.
func executable(file string) error {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return syscall.EACCES
	}
	return syscall.Access(file, 1) // X_OK
}
