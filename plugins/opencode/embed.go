// Package opencode carries the plugin that runs hooks under OpenCode.
package opencode

import _ "embed"

// Plugin is the plugin's source: one JavaScript module that imports nothing but
// Node's own, so that it loads without an installation.
//
//go:embed run-hooks.js
var Plugin []byte
