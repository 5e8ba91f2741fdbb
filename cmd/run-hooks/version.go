package main

import (
	"fmt"
	"runtime/debug"
)

// version prints which build this is.
func (p *program) version() (int, error) {
	fmt.Fprintln(p.stdout, "run-hooks", versionText())
	return exitOK, nil
}

// versionText is the module's version, or the revision it was built from.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	if text == "" {
		text = "(devel)"
	}
	return text + " " + info.GoVersion
}
