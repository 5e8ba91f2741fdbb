package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// droidTool reads the call that the event is about. Several patterns to look for
// are one to Claude, and so are several queries. Droid itself ends the name of an
// MCP server at the first three underscores.
func droidTool(e *commandEvent) (toolCall, error) {
	t, err := e.tool()
	if err == nil && t.native == "Glob" {
		t.input = append(hook.Object{}.WithText("pattern", patterns(t.args)), t.input...)
	}
	if all := searches(t.args); err == nil && t.native == "WebSearch" && all != "" {
		t.input = append(hook.Object{}.WithText("query", all), dropped(t.input, "query")...)
	}
	if server, tool, ok := strings.Cut(t.native, "___"); ok {
		t.name = "mcp__" + server + "__" + tool
	}
	return t, err
}

// searches are what a search in several queries is for, and those, a line each, as
// Droid has it with its use_parallel_search_api; "" for another.
func searches(args hook.Object) string {
	queries := places(value(args, "searchQueries"))
	return strings.Join(slices.DeleteFunc(append([]string{text(args, "objective")}, queries...), func(s string) bool { return s == "" }), "\n")
}

// patterns are those of a Glob, a text or a list of them, as one.
func patterns(args hook.Object) string {
	all := places(value(args, "patterns"))
	if len(all) > 1 {
		return "{" + strings.Join(all, ",") + "}"
	}
	return strings.Join(all, "")
}

// globbed puts the pattern that a hook wants into the list that Droid has.
func globbed(c Call, ds []hook.Decision) []hook.Decision {
	if text(c.Input, "tool_name") != "Glob" {
		return ds
	}
	out := append([]hook.Decision{}, ds...)
	for i, d := range out {
		input, err := hook.ParseObject(d.UpdatedInput)
		if d.UpdatedInput == nil || err != nil {
			continue
		}
		wanted := text(input, "pattern")
		if input = dropped(input, "pattern"); wanted != patterns(object(c.Input, "tool_input")) {
			input = input.With("patterns", array([]json.RawMessage{hook.Quote(wanted)}))
		}
		out[i].UpdatedInput = input.JSON()
	}
	return out
}

// laidOver makes an input that a hook wants whole, as Droid lays it over the call's
// own: what is left out of it would be kept. The order is Droid's, by which the call
// is known when it comes back.
func laidOver(h *Harness, c Call, ds []hook.Decision) []hook.Decision {
	if c.Native != "PreToolUse" || len(ds) != 1 || len(c.Events) != 1 || ds[0].Permission >= hook.Ask {
		return ds
	}
	wanted, err := hook.ParseObject(ds[0].UpdatedInput)
	if err != nil {
		return ds
	}
	d := ds[0]
	whole, wrong := overlaid(h, c, wanted)
	if d.UpdatedInput = whole.JSON(); wrong != "" {
		d.Permission = hook.Deny
		d.Reason = lines(d.Reason, "it wants "+wrong+"; make the call again with this input: "+string(ds[0].UpdatedInput))
	}
	return []hook.Decision{d}
}

// overlaid is the input wanted with what is left out of it: what a tool of Droid's own
// takes for left out is known. wrong is what of it cannot be put into the call.
func overlaid(h *Harness, c Call, wanted hook.Object) (whole hook.Object, wrong string) {
	native := text(c.Input, "tool_name")
	_, own := h.toolNamed(native)
	none := droidNone(c.Events[0].String("cwd"))
	for _, m := range append(c.Events[0].ToolInput(), wanted...) {
		value, given := wanted.Get(m.Name)
		if !given && own {
			value, given = none[m.Name]
		}
		if given {
			whole = whole.With(m.Name, value)
		} else if !own {
			wrong = "the call without " + m.Name + ", which Droid cannot leave out"
		}
	}
	if native == "WebSearch" && searches(object(c.Input, "tool_input")) != "" {
		wrong = "another search, of which Droid has several"
	}
	return whole, wrong
}

// droidNone are, by Claude's names, the arguments of Droid's own tools that say more
// than how a call is shown, with what each is where it is left out.
func droidNone(cwd string) map[string]json.RawMessage {
	return map[string]json.RawMessage{
		"path": hook.Quote(cwd), "replace_all": boolean(false), "run_in_background": boolean(false),
		"offset": integer(1), "limit": integer(2400),
	}
}

// pinned holds a call that was shown without arguments to having none: Droid makes it
// with those that it finds in what is no JSON, unless a hook wants another input.
func pinned(c Call, ds []hook.Decision) []hook.Decision {
	if c.Native != "PreToolUse" || len(ds) != 1 || len(object(c.Input, "tool_input")) > 0 || ds[0].UpdatedInput != nil {
		return ds
	}
	out := slices.Clone(ds)
	out[0].UpdatedInput = json.RawMessage("{}")
	return out
}

// droidPatch is the text of a patch. From some models' providers Droid takes it in
// the JSON of the whole input. It reads sections that stand before the first line
// of a patch, too, and takes a carriage return for the end of a line: what is said
// here is to be no less than it acts on.
func droidPatch(t toolCall) string {
	patch := text(t.args, "input")
	if whole, err := hook.ParseObject([]byte(patch)); err == nil {
		patch = text(whole, "input")
	}
	return "*** Begin Patch\n" + oneBlank(lineEnds(patch))
}
