package installer

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

// day is a timeout no hook's own comes near, in seconds. The bridge keeps those
// of the hooks itself; that of the agent lets the call pass when it is over.
const day = 24 * 60 * 60

// Codex plans to put the bridge into .codex/hooks.json, of the project or of the
// user, or to take it out (§17.1 of the Codex record). Each hook there must then
// be reviewed by the user (/hooks), and its project trusted: what is in
// .claude/settings.json is not part of that review.
//
// In a linked git work tree Codex runs the hooks of the main checkout, and those
// only where the work tree has a .codex, too (measured): the bridge is put into
// both. It is taken out of the work tree alone, so that the main checkout keeps it.
func Codex(o Options) (Plan, error) {
	plan, err := o.codex()
	main := inMainCheckout(o.Project)
	if err != nil || o.Global || o.Remove || main == "" {
		return plan, err
	}
	o.Project = main
	more, err := o.codex()
	return append(plan, more...), err
}

// codex is Codex for one directory.
func (o Options) codex() (Plan, error) {
	file, err := o.hooksFile("codex", ".codex", "hooks.json", "hooks", codexRefuses)
	if err != nil {
		return nil, err
	}
	for _, event := range []string{"SessionStart", "UserPromptSubmit", "PreToolUse", "PermissionRequest", "PostToolUse", "PreCompact", "PostCompact", "SubagentStart", "SubagentStop", "Stop", "SessionEnd"} {
		e := hookEntry{Event: event, Command: o.bridge("codex", event), Timeout: day}
		switch event {
		case "SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "SubagentStart":
			e.More = `, "additionalContextLimit": 0`
		case "SessionEnd":
			e.Timeout = 3
		}
		file.Entries = append(file.Entries, e)
	}
	return file.plan(o.Remove)
}

// codexRefuses says why Codex would refuse the whole file, and with it the bridge.
func codexRefuses(root *hujson.Value) error {
	if !root.IsStandard() {
		return errors.New("has a comment or a trailing comma, for which Codex refuses the whole file; remove it first")
	}
	for _, m := range root.Value.(*hujson.Object).Members {
		if name := nameOf(m); name != "hooks" && name != "description" {
			return fmt.Errorf("has %q, and Codex refuses a file with anything but \"hooks\" and \"description\"; remove it first", name)
		}
	}
	return nil
}

// Gemini plans to put the bridge into .gemini/settings.json, or to take it out
// (§5 of the harness record). In a workflow of GitHub's it gives hooks next to no
// variables: the one by which a project is trusted there goes with the entry.
func Gemini(o Options) (Plan, error) {
	file, err := o.hooksFile("gemini", ".gemini", "settings.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	for _, event := range []string{"SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "AfterAgent", "PreCompress", "Notification", "SessionEnd"} {
		file.Entries = append(file.Entries, hookEntry{Event: event, Command: o.bridge("gemini", event), Timeout: day * 1000, More: `, "name": "run-hooks", "env": {"RUN_HOOKS_TRUST": "${RUN_HOOKS_TRUST:-}"}`})
	}
	return file.plan(o.Remove)
}

// Qwen plans to put the bridge into .qwen/settings.json, or to take it out (§9 of
// the harness record).
func Qwen(o Options) (Plan, error) {
	file, err := o.hooksFile("qwen", ".qwen", "settings.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	for _, event := range []string{"InstructionsLoaded", "SessionStart", "UserPromptExpansion", "UserPromptSubmit", "PreToolUse", "PermissionRequest", "PermissionDenied", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "TodoCreated", "TodoCompleted", "PreCompact", "PostCompact", "SubagentStart", "SubagentStop", "Stop", "StopFailure", "Notification", "SessionEnd"} {
		file.Entries = append(file.Entries, hookEntry{Event: event, Command: o.bridge("qwen", event), Timeout: day * 1000})
	}
	return file.plan(o.Remove)
}

// Droid plans to put the bridge into Factory Droid's config, or to take it out
// (§10 of the harness record). An event of .factory/hooks.json, which Droid writes
// itself, hides the one of that name in .factory/settings.json: the bridge goes
// where an event's hooks are, so that none of Droid's own is hidden by it.
func Droid(o Options) (Plan, error) {
	settings, err := o.hooksFile("droid", ".factory", "settings.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	for _, event := range []string{"SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PreCompact", "Stop", "Notification", "SessionEnd"} {
		settings.Entries = append(settings.Entries, hookEntry{Event: event, Command: o.bridge("droid", event), Timeout: day})
	}
	bare := settings
	bare.Path, bare.Member = filepath.Join(filepath.Dir(settings.Path), "hooks.json"), ""
	if !o.Remove {
		if err := settings.share(&bare); err != nil {
			return nil, err
		}
	}
	var out Plan
	for _, f := range []hooksFile{bare, settings} {
		if len(f.Entries) == 0 {
			continue
		}
		steps, err := f.plan(o.Remove)
		if err != nil {
			return nil, err
		}
		out = append(out, steps...)
	}
	return out, nil
}

// share leaves to Droid's settings the events that only they have, all where there
// is no hooks.json beside them, and gives the rest to it.
func (f *hooksFile) share(bare *hooksFile) error {
	mine, err := f.held()
	if err != nil {
		return err
	}
	hides, err := bare.held()
	if err != nil {
		return err
	}
	all := f.Entries
	f.Entries, bare.Entries = nil, nil
	for _, e := range all {
		only := slices.Contains(mine, e.Event) && !slices.Contains(hides, e.Event)
		if only || mine != nil && hides == nil {
			f.Entries = append(f.Entries, e)
		} else {
			bare.Entries = append(bare.Entries, e)
		}
	}
	return nil
}

// hooksFile is the file name of the harness's directory dir, that of the project
// or that of the user.
func (o Options) hooksFile(harness, dir, name, member string, check func(*hujson.Value) error) (hooksFile, error) {
	at, err := o.directory(harness, dir)
	return hooksFile{Harness: harness, Path: filepath.Join(at, filepath.FromSlash(name)), Member: member, Check: check}, err
}

// directory is where a harness keeps its files: dir of the project, or dir of the
// user's home where it has not moved that.
func (o Options) directory(harness, dir string) (string, error) {
	switch moved := o.Moved[harness]; {
	case !o.Global:
		return filepath.Join(o.Project, dir), nil
	case moved != "":
		return moved, nil
	case o.Home == "":
		return "", errors.New("the home directory is not known")
	}
	return filepath.Join(o.Home, dir), nil
}

// bridge is the shell command for an event. Where the program is missing, or
// broken, it refuses what it was to guard: exit status 2 needs a text, or it is
// let pass. An end of a turn is not held up by that, which would never end, nor is
// what happens all the time and can be stopped by nobody. To Droid the program's
// own answer may be exit status 2, to which nothing is added.
func (o Options) bridge(harness, event string) string {
	command := o.program(harness, event)
	switch event {
	case "Stop", "SubagentStop", "AfterAgent", "StopFailure", "Notification", "SessionEnd", "PreCompress", "PostCompact", "PermissionDenied", "InstructionsLoaded":
		return command + " || true"
	}
	refuses := "echo '" + notRun + "' >&2; exit 2; }"
	if harness == "droid" {
		return command + answered + refuses
	}
	return command + " || { " + refuses
}

// program is the shell command without what is done where it fails. A project's
// config is shared, so that the program is looked up in PATH there.
func (o Options) program(harness, event string) string {
	name := "run-hooks"
	if o.Global && o.Program != "" {
		name = shellWord(o.Program)
	}
	command := name + " bridge " + harness + " --event " + event
	if o.All {
		command += " --all"
	}
	return command
}

// shellWord is s as one word of a shell command.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
