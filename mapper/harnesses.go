package mapper

// Harnesses returns every harness there is a dialect for.
func Harnesses() []Harness {
	return []Harness{Claude(), OpenCode()}
}
