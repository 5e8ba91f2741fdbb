// Package hook holds the words the rest of run-hooks speaks: the [Event] an
// agent reports, the [Handler] a config declares, and the [Decision] reached
// when handlers have run. All of it is the Claude Code hook schema; the dialects
// of other agents are translated at the edge, by package mapper.
//
// One call is a straight line, and each stage is ignorant of its neighbours:
//
//	native bytes ─ mapper.Decode ─▶ events ─ loader.Load ─▶ config ─ Match ─▶ handlers
//	                                                                             │ executor.Run
//	native bytes ◀─ mapper.Encode ─ decision ◀─ Merge ─ results ◀────────────────┘
//
// Only what two of the packages need lives here. What the program knows of an
// event is a row of the event table ([Spec]), what it knows of a tool a row of
// the tool table ([ToolNamed]).
//
// The reference for every rule is the measured behaviour of Claude Code
// 2.1.328. Where a comment names a section (§6.1) it is one of that record;
// where it names a vector (e05_dec_deny_deny_ab) it is one of conformance/claude.
package hook
