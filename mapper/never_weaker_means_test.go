package mapper

import hook "github.com/run-hooks/run-hooks"

// The means of the agents are written down here once more, from the agents' records
// and not from the dialects: a law that read the dialects' own tables would hold for
// any.

// A means says how an answer of one agent is read by that agent.
type means struct {
	stops   func(native string, r reading) bool // the action is not carried out
	asks    func(r reading) bool                // the user is asked
	again   func(r reading) bool                // the model is sent back to work
	rewrite []string                            // path of the tool's new input in the answer
	allow   func(r reading) bool                // the agent asks no permission of its own
}

// A reading is an answer with its stdout parsed.
type reading struct {
	Response
	json hook.Object
}

// at returns the text at a path of members, or the JSON of what is there.
func (r reading) at(path ...string) string {
	o := r.json
	for _, name := range path[:len(path)-1] {
		o = object(o, name)
	}
	raw, _ := o.Get(path[len(path)-1])
	if s := hook.Text(raw); s != "" {
		return s
	}
	return string(raw)
}

// specificIs reports a member of hookSpecificOutput.
func specificIs(name, want string) func(reading) bool {
	return func(r reading) bool { return r.at("hookSpecificOutput", name) == want }
}

func never(reading) bool { return false }

// claudeLike is the means of agents that read Claude's own answers.
func claudeLike() means {
	blocks := func(r reading) bool { return r.at("decision") == "block" || r.Exit == 2 }
	return means{
		stops: func(_ string, r reading) bool {
			answer := r.at("hookSpecificOutput", "decision", "behavior")
			return specificIs("permissionDecision", "deny")(r) || answer == "deny" || blocks(r) || r.at("continue") == "false"
		},
		asks:    specificIs("permissionDecision", "ask"),
		again:   blocks,
		rewrite: []string{"hookSpecificOutput", "updatedInput"},
		allow:   specificIs("permissionDecision", "allow"),
	}
}

func agentMeans() map[string]means {
	claude := claudeLike()
	codex, droid := claude, claude
	codex.asks, codex.allow, droid.asks = never, never, never
	qwen := claude
	qwen.rewrite, qwen.allow = nil, never
	return map[string]means{
		"claude": claude, "codex": codex, "droid": droid, "qwen": qwen,
		"gemini": {
			stops: func(_ string, r reading) bool {
				return r.at("decision") == "deny" || r.at("decision") == "block" || r.at("continue") == "false"
			},
			asks:    func(r reading) bool { return r.at("decision") == "ask" },
			again:   func(r reading) bool { return r.at("decision") == "block" || r.at("decision") == "deny" },
			rewrite: []string{"hookSpecificOutput", "tool_input"},
			allow:   never,
		},
		"opencode": {
			stops:   func(_ string, r reading) bool { return r.at("throw") != "" || r.at("reply") == "reject" },
			asks:    never,
			again:   func(r reading) bool { return r.at("prompt") != "" },
			rewrite: []string{"args"},
			allow:   func(r reading) bool { return r.at("allow") == "true" },
		},
		"copilot": copilotMeans(),
		"vscode": {
			stops:   func(_ string, r reading) bool { return claude.stops("", r) },
			asks:    claude.asks,
			again:   func(r reading) bool { return specificIs("decision", "block")(r) || r.at("decision") == "block" },
			rewrite: claude.rewrite,
			allow:   claude.allow,
		},
		"cursor": {
			stops:   func(_ string, r reading) bool { return r.at("permission") == "deny" || r.at("continue") == "false" },
			asks:    never, // preToolUse does not enforce one
			again:   func(r reading) bool { return r.at("followup_message") != "" },
			rewrite: []string{"updated_input"},
			allow:   func(r reading) bool { return r.at("permission") == "allow" },
		},
		"cline": {
			stops: func(native string, r reading) bool {
				return native != "prompt_submit" && r.at("cancel") == "true" || r.at("overrideInput", "denied") != "" && r.at("context") != ""
			},
			asks: never, again: never, allow: never,
			rewrite: []string{"overrideInput"},
		},
		"kimi": {
			stops: func(_ string, r reading) bool { return specificIs("permissionDecision", "deny")(r) || r.Exit == 2 },
			asks:  never, allow: never,
			again: func(r reading) bool { return r.Exit == 2 && len(r.Stderr) > 0 },
		},
		"crush": {
			stops: func(_ string, r reading) bool { return r.at("decision") == "deny" || r.at("halt") == "true" },
			asks:  never, again: never,
			rewrite: []string{"updated_input"},
			allow:   func(r reading) bool { return r.at("decision") == "allow" },
		},
		"goose": {
			stops: func(native string, r reading) bool { return native == "PreToolUse" && r.at("decision") == "block" },
			asks:  never, allow: never,
			again: func(r reading) bool { return r.at("decision") == "block" },
		},
	}
}

func copilotMeans() means {
	return means{
		stops: func(native string, r reading) bool {
			switch native {
			case "preToolUse":
				return r.at("permissionDecision") == "deny"
			case "permissionRequest":
				return r.at("behavior") == "deny"
			case "PreToolUse": // VS Code's
				return specificIs("permissionDecision", "deny")(r)
			}
			return r.at("decision") == "block"
		},
		asks: func(r reading) bool {
			return r.at("permissionDecision") == "ask" || specificIs("permissionDecision", "ask")(r)
		},
		again:   func(r reading) bool { return r.at("decision") == "block" },
		rewrite: []string{"modifiedArgs"},
		allow:   func(r reading) bool { return r.at("permissionDecision") == "allow" },
	}
}
