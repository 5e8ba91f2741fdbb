package installer

import (
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/mapper"
)

// notRun is what an agent is told where the bridge is missing or broken.
const notRun = "run-hooks did not run, and so no hook of this repository; install it, or remove it from this config"

// call is the shell command for an event of an agent that reads the answer on
// stdout. Where the program is missing, or broken, the command says in the agent's
// own words that what it was to guard is refused.
func (o Options) call(harness, event string) string {
	return o.program(harness, event) + otherwise(harness, event)
}

// otherScopes is the command with --all where it has none, and without where it
// has it.
func otherScopes(command string) string {
	if strings.Contains(command, " --all || ") {
		return strings.Replace(command, " --all || ", " || ", 1)
	}
	return strings.Replace(command, " || ", " --all || ", 1)
}

// otherwise is the answer without the program, as the end of a shell command. Exit
// status 2 is the program's own answer to some agents. Some shells' echo would take
// the backslashes of JSON for its own.
func otherwise(harness, event string) string {
	all := mapper.Harnesses()
	i := slices.IndexFunc(all, func(h mapper.Harness) bool { return h.Name == harness })
	if i < 0 || !guards(&all[i], event) {
		return answered + "true; }"
	}
	r := all[i].Refuse(&all[i], event, notRun)
	end := answered
	if out := strings.TrimSpace(string(r.Stdout)); out != "" {
		end += "printf '%s\\n' " + shellWord(out) + "; "
	}
	if r.Exit != 0 {
		return end + "echo " + shellWord(strings.TrimSpace(string(r.Stderr))) + " >&2; exit 2; }"
	}
	return end + "}"
}

// answered begins what is done where the program did not answer.
const answered = " || { [ $? -eq 2 ] && exit 2; "

// guards reports whether something can be stopped at a native event.
func guards(h *mapper.Harness, event string) bool {
	return slices.ContainsFunc(h.Events, func(row mapper.EventRow) bool {
		return row.Native == event && row.Can&mapper.CanDeny != 0
	})
}

// events are the native events of a harness, each once, in the order of its table.
func events(harness string) []string {
	var out []string
	for _, h := range mapper.Harnesses() {
		for _, row := range h.Events {
			if h.Name == harness && !slices.Contains(out, row.Native) {
				out = append(out, row.Native)
			}
		}
	}
	return out
}

// nativeEvents are all events of a harness that are known, those without a pair in
// Claude's schema among them.
func nativeEvents(harness string) []string {
	out := events(harness)
	for _, h := range mapper.Harnesses() {
		if h.Name == harness {
			out = append(out, h.Unpaired...)
		}
	}
	return out
}
