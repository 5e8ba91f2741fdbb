// Package executor runs the handlers that matched an event and makes of their
// results one decision.
//
// [Run] starts all of them at once, each a process of its own, and returns one
// [Outcome] for each, in the order in which they ended. [Merge] folds the
// outcomes into a [hook.Decision].
//
// To it every handler is a process: http, mcp_tool, prompt and agent handlers
// are run by the program run-hooks-net, with the same limit, the same kill and
// the same way of answering as a command.
package executor
