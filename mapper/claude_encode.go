package mapper

import (
	"encoding/json"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// encodeClaude answers as a hook command does: JSON on stdout, and on a block
// exit status 2 with the reason on stderr too, which is all that some agents
// read of a command that exits so.
func encodeClaude(_ *Harness, c Call, ds []hook.Decision) Response {
	if len(c.Events) == 0 {
		return Response{}
	}
	if g := guestNamed(c.Host); g != nil {
		return g.encode(c, ds)
	}
	if vscode := VSCode(); c.Host == vscode.Name {
		return vscode.Encode(&vscode, c, ds)
	}
	spec, d := c.Events[0].Spec, Combine(ds)
	r := Response{Stdout: claudeOutput(spec, d)}
	if d.Permission == hook.Deny {
		r.Exit, r.Stderr = 2, []byte(d.Reason+"\n")
	}
	return r
}

// claudeOutput is d as the output of one hook of the event.
func claudeOutput(spec hook.EventSpec, d hook.Decision) []byte {
	if plain := plainOutput(spec, d); plain != "" {
		return []byte(plain + "\n")
	}
	var o hook.Object
	if d.Halt {
		o = o.With("continue", json.RawMessage("false"))
		if d.StopReason != "" {
			o = o.WithText("stopReason", d.StopReason)
		}
	}
	if d.Permission == hook.Deny && spec.Grammar != hook.Permits && spec.Grammar != hook.Answers {
		o = o.WithText("decision", "block").WithText("reason", d.Reason)
	}
	if len(d.Messages) > 0 {
		o = o.WithText("systemMessage", strings.Join(d.Messages, "\n"))
	}
	if specific := claudeSpecific(spec, d); len(specific) > 0 && spec.Own {
		specific = append(hook.Object{{Name: "hookEventName", Value: hook.Quote(string(spec.Name))}}, specific...)
		o = o.With("hookSpecificOutput", specific.JSON())
	}
	if len(o) == 0 {
		return nil
	}
	return append(o.JSON(), '\n')
}

// plainOutput is the answer on the events whose hooks say it by plain stdout.
func plainOutput(spec hook.EventSpec, d hook.Decision) string {
	switch {
	case spec.Plain == hook.PlainInstructions && d.Permission != hook.Deny:
		return strings.Join(d.Context, "\n")
	case spec.Plain == hook.PlainPath:
		return text(d.Extra, "worktreePath")
	}
	return ""
}

// claudeSpecific is what of d stands in hookSpecificOutput, without its name.
func claudeSpecific(spec hook.EventSpec, d hook.Decision) hook.Object {
	var o hook.Object
	switch {
	case spec.Grammar == hook.Permits && d.Permission != hook.NoOpinion:
		o = o.WithText("permissionDecision", d.Permission.String())
		if d.Reason != "" {
			o = o.WithText("permissionDecisionReason", d.Reason)
		}
	case spec.Grammar == hook.Answers && d.Permission != hook.NoOpinion:
		return o.With("decision", claudeAnswer(d).JSON())
	}
	if d.UpdatedInput != nil {
		o = o.With("updatedInput", d.UpdatedInput)
	}
	if d.UpdatedOutput != nil {
		o = o.With("updatedToolOutput", d.UpdatedOutput)
	}
	if len(d.Context) > 0 && spec.Context {
		o = o.WithText("additionalContext", strings.Join(d.Context, "\n"))
	}
	return append(o, d.Extra...)
}

// claudeAnswer is a PermissionRequest hook's decision.
func claudeAnswer(d hook.Decision) hook.Object {
	o := hook.Object{}.WithText("behavior", d.Permission.String())
	if d.Permission == hook.Deny {
		o = o.WithText("message", d.Reason)
	} else if d.UpdatedInput != nil {
		o = o.With("updatedInput", d.UpdatedInput)
	}
	return append(o, d.Extra...)
}

// refuseClaude blocks wherever Claude can: by JSON, and by exit status 2 with the
// text.
func refuseClaude(_ *Harness, _, text string) Response {
	o := hook.Object{}.WithText("decision", "block").WithText("reason", text)
	return Response{Stdout: append(o.JSON(), '\n'), Stderr: []byte(text + "\n"), Exit: 2}
}
