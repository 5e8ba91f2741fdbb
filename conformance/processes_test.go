//go:build unix

package conformance

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// processes returns the command lines, by process number, of everything alive
// that was started for a scratch directory, or for one below it: what has its
// HOME there. A machine without /proc shows none.
func processes(root string) map[int]string {
	mark := []byte("HOME=" + root + "/")
	alive := map[int]string{}
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range names {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		// What cannot be read has ended, or is another's.
		environ, _ := os.ReadFile(folder + "/environ")
		if !bytes.Contains(environ, mark) {
			continue
		}
		line, _ := os.ReadFile(folder + "/cmdline")
		if text := strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")); text != "" {
			alive[pid] = text
		}
	}
	return alive
}

// commandLines returns those of processes, sorted; never nil.
func commandLines(root string) []string {
	lines := []string{}
	for _, line := range processes(root) {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// killAll kills everything that was started for a scratch directory, for at most
// a second, and reports whether nothing is left.
func killAll(root string) bool {
	for range 50 {
		left := processes(root)
		if len(left) == 0 {
			return true
		}
		for pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}
