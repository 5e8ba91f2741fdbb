package main

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// blind says why guards of calls would not be asked in this turn, "" if they are:
// the client runs in a way in which it asks no hook about what its model does. It is
// looked at with a prompt alone, before anything can be done.
func (b *bridge) blind(call mapper.Call, cfg *loader.Config) string {
	if len(b.harness.Blind) == 0 {
		return ""
	}
	prompt := slices.ContainsFunc(call.Events, func(ev hook.Event) bool { return ev.Spec.Name == hook.UserPromptSubmit })
	guards := slices.ContainsFunc(cfg.Handlers(), func(c loader.Choice) bool { return c.Run && c.Handler.Event == hook.PreToolUse })
	if !prompt || !guards {
		return ""
	}
	for _, words := range ancestors() {
		for _, word := range words {
			if name, value, _ := strings.Cut(word, "="); slices.Contains(b.harness.Blind, name) && value != "false" {
				return fmt.Sprintf("with %s %s asks no hook about the calls of its model, and hooks here guard calls", word, b.harness.Name)
			}
		}
	}
	return ""
}
