package installer

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// clineFiles are the hook files of Cline and the events they stand for.
func clineFiles() [][2]string {
	return [][2]string{
		{"TaskStart", "agent_start"}, {"TaskResume", "agent_resume"}, {"UserPromptSubmit", "prompt_submit"},
		{"PreToolUse", "tool_call"}, {"PostToolUse", "tool_result"}, {"TaskComplete", "agent_end"},
		{"TaskError", "agent_error"}, {"SessionShutdown", "session_shutdown"},
	}
}

// Cline plans to put the bridge into hook files, .cline/hooks/<Event> of the
// project or of the user, or to take it out (harnesses record §11). A hook file of
// somebody else's with that name is in the way; Cline runs every file it finds, so
// that one named <Event>.sh is run beside it.
func Cline(o Options) (Plan, error) {
	dir, err := o.directory("cline", ".cline")
	if err != nil {
		return nil, err
	}
	var plan Plan
	for _, f := range clineFiles() {
		var want []byte
		if !o.Remove {
			want = script(o.call("cline", f[1]))
		}
		steps, err := place(filepath.Join(dir, "hooks", f[0]), want)
		if err != nil {
			return nil, err
		}
		for i := range steps {
			steps[i].Script = true
		}
		plan = append(plan, steps...)
	}
	return plan, nil
}

// script is a shell script of ours.
func script(command string) []byte {
	return fmt.Appendf(nil, "%s%s%x\n%s", shebang, strings.Replace(mark, "//", "#", 1), sha256.Sum256([]byte(command+"\n")), command+"\n")
}

// clineHookDirs are the directories in which Cline looks for hooks.
func clineHookDirs(o Options) []string {
	o.Global = true
	user, _ := o.directory("cline", ".cline") // "" if it is not known
	return slices.Concat(
		below(user, []string{"hooks"}), below(o.Home, []string{"Documents/Cline/Hooks"}),
		below(o.Project, []string{".clinerules/hooks", ".cline/hooks"}),
	)
}

// clineScripts matches the names of the files that Cline runs before a call.
func clineScripts() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^pretooluse(\.(sh|bash|zsh|[cm]?[jt]s|py|ps1))?$`)
}

// clineBehind are the hook files that Cline runs behind the bridge before a call, in
// the order of their paths: the last input that one gives is taken, in the place of
// that by which the bridge refuses the call.
func clineBehind(o Options) []string {
	var files []string
	for _, dir := range clineHookDirs(o) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if e.Type().IsRegular() && clineScripts().MatchString(e.Name()) {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
	}
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	var behind []string
	bridged := false
	for _, file := range files {
		text, _ := read(file)
		if state := stateOf(text, nil); state != Foreign {
			behind, bridged = nil, true
		} else if bridged {
			behind = append(behind, file)
		}
	}
	return behind
}

// clineOwns are the hook files as Cline's own.
func clineOwns() []Own {
	var out []Own
	for _, f := range clineFiles() {
		out = append(out, Own{User: "hooks/" + f[0], Project: ".cline/hooks/" + f[0]})
	}
	return out
}
