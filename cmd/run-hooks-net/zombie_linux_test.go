package main

import (
	"bytes"
	"fmt"
	"os"
)

// isZombie reports whether a process has ended and was not waited for.
func isZombie(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	return err == nil && len(fields) > 0 && string(fields[0]) == "Z"
}
