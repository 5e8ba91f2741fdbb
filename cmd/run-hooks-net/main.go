// Run-hooks-net runs the handlers that need a network. It is the only program
// of run-hooks that opens a socket; run-hooks starts it as a child, one process
// a handler, and reads it as it reads a command hook.
//
//	run-hooks-net http|mcp_tool|prompt|agent < input
//
// The input is two lines and then its end: the job, a JSON object that says what
// the config and the settings say about the handler (httpJob, mcpJob, promptJob,
// agentJob), and the event, the JSON a command hook would get. Both travel on
// stdin, since a command line can be read by every user of the machine. Variables,
// keys among them, are those of the process.
//
// The result is that of a command hook:
//
//	0    stdout is the hook's JSON object, or empty: no opinion; of an mcp_tool
//	     handler it is the tool's text, whatever it is. What a model decided is
//	     written as the hook output that has its effect on the event, so that the
//	     parent need not know of models: see effect.go
//	1    the hook failed; one line on stderr says why, stdout is empty
//	3    this program could not do its work: the job cannot be read, a defect
//	64   it was called wrongly
//
// It never exits with 2, which means "block" (§6.1): not even when the Go runtime
// gives up, see main. No limit is set here on the handler as a whole; whoever
// starts the program ends it by a signal (§8).
//
// Messages hold no header values and nothing that a server sent, and of a URL
// only scheme, host and port: user names, paths and queries can be keys.
//
// A new handler type is a row in handlers and a file of its own.
//
//	run-hooks-net model
//
// is no handler: it is the fake model of `run-hooks doctor --fire`, see playModel.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"
)

// The exit statuses.
const (
	exitDone    = 0
	exitFailed  = 1
	exitTrouble = 3
	exitUsage   = 64
)

// A handler runs one handler of its type and returns what is to be printed. An
// error is the hook's failure, unless it is a trouble. Its text is the message.
type handler func(ctx context.Context, in input) ([]byte, error)

// handlers returns the table of handler types.
func handlers() map[string]handler {
	return map[string]handler{"http": runHTTP, "mcp_tool": runMCP, "prompt": runPrompt, "agent": runAgent}
}

// A trouble is an error that is this program's or its caller's fault, not the hook's.
type trouble string

func (t trouble) Error() string { return string(t) }

// main asks the runtime to end by a signal where it would exit with 2: on a panic
// outside of run's reach, a deadlock, a full stack, SIGQUIT.
func main() {
	debug.SetTraceback("crash")
	dropCores()
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run does what args say and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	defer func() {
		if recover() != nil {
			status = complain(stderr, trouble("internal error: a panic; please report it"))
		}
	}()
	switch {
	case len(args) == 1 && args[0] == "version":
		fmt.Fprintln(stdout, "run-hooks-net", version())
		return exitDone
	case len(args) == 1 && args[0] == "model":
		if err := playModel(stdin, stdout); err != nil {
			return complain(stderr, fmt.Errorf("model: %w", err))
		}
		return exitDone
	case len(args) != 1 || handlers()[args[0]] == nil:
		types := slices.Sorted(maps.Keys(handlers()))
		fmt.Fprintf(stderr, "usage: run-hooks-net %s < input\n", strings.Join(types, "|"))
		return exitUsage
	}
	out, err := serve(ctx, args[0], stdin)
	if err != nil {
		return complain(stderr, err)
	}
	if _, err := stdout.Write(out); err != nil {
		return complain(stderr, trouble("cannot write the answer"))
	}
	return exitDone
}

// serve runs the handler type called name on what stdin holds.
func serve(ctx context.Context, name string, stdin io.Reader) ([]byte, error) {
	var out []byte
	in, err := readInput(stdin)
	if err == nil {
		out, err = handlers()[name](ctx, in)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// complain prints err as one line and returns the exit status it stands for.
func complain(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "run-hooks-net:", oneLine(err.Error()))
	var own trouble
	if errors.As(err, &own) {
		return exitTrouble
	}
	return exitFailed
}

// oneLine makes text fit for a terminal: parts of it may come from a server.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// version returns the module's version without the v, "devel" for a build from a work tree.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
