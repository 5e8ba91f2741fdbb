// Package checker finds what is wrong with hook configs before a session does:
// hooks that never run, guards that do not block, files nobody reads. It reads
// files and runs nothing.
//
// A lint has a stable name, one function, and one script in testscripts/check
// that holds a bad file, the exact message and the mended file; docs/checks.md
// is made from those scripts. Lints of one family stand in one file.
//
// # What is said
//
// Each [Finding] tells what was found, what it costs, and what would be right.
// An error switches hooks off or keeps a guard from blocking; a warning works by
// luck or otherwise than it seems; an info is a note. Unknown is not wrong: a
// tool or key that no one knows is a note.
//
// The effects are those measured with Claude Code 2.1.328 (§9 of the measured
// record), for other agents those of the record of harnesses.
package checker
