package main

import (
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// watched reports whether a matcher of a FileChanged hook names the file: Claude
// Code watches no other, whatever else would match it (§3.2). An agent that tells
// of every change has to be held to that: a hook that writes a file of its own
// would never end.
func watched(cfg *loader.Config, base string) bool {
	return slices.ContainsFunc(cfg.Handlers(), func(c loader.Choice) bool {
		names := strings.Split(c.Handler.Matcher, "|")
		return c.Run && c.Handler.Event == hook.FileChanged && slices.Contains(names, base)
	})
}
