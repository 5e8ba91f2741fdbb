package mapper

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Claude is the identity dialect: payloads in Claude's own schema, answers in
// the form of a hook command's output. It is what replay speaks.
func Claude() Harness {
	h := Harness{Name: "claude", Decode: decodeClaude, Encode: encodeClaude, Refuse: refuseClaude}
	for _, spec := range hook.Events() {
		h.Events = append(h.Events, EventRow{Native: string(spec.Name), Claude: spec.Name, Can: claudeAbility(spec)})
	}
	return h
}

// claudeAbility is what Claude Code does with a decision on an event.
func claudeAbility(s hook.EventSpec) Ability {
	var can Ability
	if s.Grammar != hook.Observes {
		can |= CanDeny
	}
	if s.Grammar == hook.Permits {
		can |= CanAsk | CanAllow | CanRewrite
	}
	if s.Grammar == hook.Answers {
		can |= CanAllow | CanRewrite
	}
	if s.Name == hook.PostToolUse {
		can |= CanReplace
	}
	if s.Context {
		can |= CanContext
	}
	if s.Name == hook.Stop || s.Name == hook.SubagentStop {
		can |= CanContinue
	}
	if s.Halt {
		can |= CanHalt
	}
	if s.Message {
		can |= CanTell
	}
	return can
}

// decodeClaude reads a payload in Claude's schema, which may be partial or
// absent: common fields that are missing are filled in. at.Event, if given,
// names the event; a payload that names another is an error.
func decodeClaude(_ *Harness, native []byte, at Place) (Call, error) {
	payload := hook.Object{}
	if strings.TrimSpace(string(native)) != "" {
		var err error
		if payload, err = hook.ParseObject(native); err != nil {
			return Call{}, fmt.Errorf("the payload is no JSON object: %w", err)
		}
	}
	if g := guestOf(payload); g != nil {
		return g.decode(native, at)
	}
	if vscode := VSCode(); fromVSCode(payload) {
		c, err := vscode.Decode(&vscode, native, at)
		c.Host, c.Runs, c.Memory = vscode.Name, claudeFiles(), nil
		return c, err
	}
	name, err := claudeEventName(payload, at.Event)
	if err != nil {
		return Call{}, err
	}
	spec, ok := hook.Spec(hook.EventName(name))
	if !ok {
		return Call{}, fmt.Errorf("%q is not an event of Claude Code; hook_event_name must be one of its 33, such as PreToolUse", name)
	}
	ev := hook.Event{Spec: spec, Payload: filledIn(payload, spec, at)}
	ev.Payload = withToolInput(&ev, at.Home)
	return Call{Native: name, Dir: ev.String("cwd"), Events: []hook.Event{ev}, Input: payload}, nil
}

// claudeEventName decides between the event the payload names and the one asked for.
func claudeEventName(payload hook.Object, asked string) (string, error) {
	says := text(payload, "hook_event_name")
	switch {
	case says == "" && asked == "":
		return "", fmt.Errorf("the payload names no event: hook_event_name is missing")
	case says == "" || asked == "" || says == asked:
		return says + strings.TrimPrefix(asked, says), nil
	}
	return "", fmt.Errorf("the payload is of event %q, not %q", says, asked)
}

// filledIn returns payload with the common fields it lacks, in Claude's order
// (§1.2). The transcript named need not exist: Claude's own does not at the
// start of a session.
func filledIn(payload hook.Object, spec hook.EventSpec, at Place) hook.Object {
	session := text(payload, "session_id")
	if session == "" {
		session = "00000000-0000-4000-8000-000000000000"
	}
	cwd := text(payload, "cwd")
	if cwd == "" {
		cwd = at.Cwd
	}
	common := hook.Object{}.WithText("session_id", session).
		WithText("transcript_path", path.Join(at.Home, ".claude", "projects", slug(cwd), session+".jsonl")).
		WithText("cwd", cwd)
	if spec.Mode {
		common = common.WithText("permission_mode", "default")
	}
	common = common.WithText("hook_event_name", string(spec.Name))
	var missing hook.Object
	for _, m := range common {
		if _, ok := payload.Get(m.Name); !ok {
			missing = append(missing, m)
		}
	}
	return append(missing, payload...)
}

// slug is how Claude Code names a project's directory of transcripts.
func slug(dir string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, dir)
}

// withToolInput returns the payload with tool_input as hooks see it: the file's
// path absolute and normalised whatever the model wrote, and Edit's replace_all
// filled in (§0.11, §1.3).
func withToolInput(ev *hook.Event, home string) hook.Object {
	input := ev.ToolInput()
	if !ev.Spec.Tool || input == nil {
		return ev.Payload
	}
	tool := hook.ToolNamed(ev.String("tool_name"))
	changed := false
	if p := text(input, tool.Path); tool.Path != "" && p != "" {
		if full := absolutePath(p, ev.String("cwd"), home); full != p {
			input, changed = input.WithText(tool.Path, full), true
		}
	}
	if _, ok := input.Get("replace_all"); tool.Name == "Edit" && !ok {
		input, changed = input.With("replace_all", json.RawMessage("false")), true
	}
	if !changed {
		return ev.Payload
	}
	return ev.Payload.With("tool_input", input.JSON())
}

// absolutePath resolves p, which may begin with ~ or be relative to dir.
func absolutePath(p, dir, home string) string {
	if rest, ok := strings.CutPrefix(p, "~"); ok && home != "" && (rest == "" || rest[0] == '/') {
		p = path.Join(home, rest)
	}
	return absolute(p, dir)
}
