package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// How the program speaks: lower case, no full stop, "run-hooks:" before each
// line; "warning:" where it goes on and "hint:" where there is a next step.
// Everything here goes to stderr: stdout carries the answer and nothing else.

// A messenger writes messages for people.
type messenger struct{ w io.Writer }

func (m messenger) errorf(format string, args ...any) {
	fmt.Fprintf(m.w, "run-hooks: %s\n", fmt.Sprintf(format, args...))
}

func (m messenger) warnf(format string, args ...any) {
	fmt.Fprintf(m.w, "run-hooks: warning: %s\n", fmt.Sprintf(format, args...))
}

func (m messenger) hintf(format string, args ...any) {
	fmt.Fprintf(m.w, "run-hooks: hint: %s\n", fmt.Sprintf(format, args...))
}

// usage is what run-hooks says of itself.
const usage = `run-hooks runs a repository's agent hooks (.claude/settings.json, .codex/hooks.json) under any agent

  run-hooks --event EVENT [--tool TOOL --input JSON] [--dir DIR] [--format claude|json|text] < payload
                                     replay one event against the hooks that apply here
  run-hooks bridge HARNESS [--event NATIVE]    answer one native event of another agent
  run-hooks serve HARNESS                      the same, resident: one JSON object a line
  run-hooks check [PATH...] [--format text|json|github|sarif] [--strict] [--fix] [--as KIND] [--require HARNESS[=blocks]]
                                     find what is wrong with hook configs, and mend what is certain
  run-hooks list [--harness HARNESS|all] [--format text|json]   the hooks in effect, and where each comes from
  run-hooks explain --event EVENT [--tool TOOL --input JSON]   why each hook would run or not; runs none
  run-hooks init [HARNESS...] [--global] [--remove] [--dry-run] [--all]   put the bridge into an agent's config, or take it out
  run-hooks status [--format text|json]        which agents are bridged here, and which hooks run under them
  run-hooks doctor                             find what is wrong with the bridges and what they would run
  run-hooks doctor --fire HARNESS [--client PATH]   run the real client against a fake model: does it obey a denial?
  run-hooks trust [DIR] | untrust [DIR]        let a folder's hooks run under bridge and serve, or not
  run-hooks version

exit status: 0 done, 1 check found faults, 2 the hooks block, 3 could not do the work, 64 called wrongly
`

// A usageError says how the program was called wrongly.
type usageError struct{ error }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// parseFlags reads args into fs, with flags and positional arguments in any
// order, and returns the positional ones. A flag with an empty value is an error:
// a variable that is not set would switch off what the flag asks for.
func parseFlags(fs *flag.FlagSet, args []string) ([]string, error) {
	fs.SetOutput(io.Discard)
	var rest []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err}
		}
		args = fs.Args()
		if len(args) == 0 {
			return rest, noneEmpty(fs)
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

// noneEmpty checks that no flag was given an empty value. Those that are no Getter
// check their own.
func noneEmpty(fs *flag.FlagSet) error {
	var err error
	fs.Visit(func(f *flag.Flag) {
		if _, ok := f.Value.(flag.Getter); ok && f.Value.String() == "" {
			err = usagef("--%s has an empty value", f.Name)
		}
	})
	return err
}

// oneOf checks the value of a flag that takes one of a few words.
func oneOf(name, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return usagef("--%s %q is none of %s", name, value, strings.Join(words, ", "))
}
