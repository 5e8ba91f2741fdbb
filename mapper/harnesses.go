package mapper

// Harnesses returns every harness there is a dialect for.
func Harnesses() []Harness {
	return []Harness{Claude(), OpenCode(), Codex(), Gemini(), Qwen(), Droid(), Copilot(), VSCode(), Cursor(), Cline(), Kimi(), Crush(), Goose()}
}
