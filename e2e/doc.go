// Package e2e drives the real clients against a fake model on loopback, with an
// empty environment and a home directory of their own, and asserts on what the
// model was sent and what the user saw.
//
//	RUN_HOOKS_E2E=1 go test ./e2e/
//
// The first run fetches the clients from npm into $RUN_HOOKS_E2E_DIR, or
// run-hooks-e2e in the user's cache directory. Without RUN_HOOKS_E2E every test
// is skipped, so that `go test ./...` stays offline.
package e2e
