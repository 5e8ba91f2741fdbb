package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// ancestors are the command lines of the processes that this one descends from, as
// words, the nearest first. Where they cannot be seen there are none.
func ancestors() [][]string {
	const most = 8 // between an agent and its hooks are a shell, and a client that starts itself again
	var out [][]string
	for pid := os.Getppid(); pid > 1 && len(out) < most; {
		parent, words := process(pid)
		if len(words) == 0 {
			break
		}
		pid, out = parent, append(out, words)
	}
	return out
}

// process returns the parent of a process and its command line, from /proc or,
// where there is none, from ps, which does not tell a blank from the end of a word.
func process(pid int) (parent int, words []string) {
	dir := "/proc/" + strconv.Itoa(pid)
	if line, err := os.ReadFile(dir + "/cmdline"); err == nil {
		stat, _ := os.ReadFile(dir + "/stat")
		_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
		if fields := strings.Fields(rest); len(fields) > 1 {
			parent, _ = strconv.Atoi(fields[1])
		}
		return parent, strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	}
	out, err := exec.Command("ps", "-o", "ppid=,command=", "-p", strconv.Itoa(pid)).Output()
	if words = strings.Fields(string(out)); err != nil || len(words) < 2 {
		return 0, nil
	}
	parent, _ = strconv.Atoi(words[0])
	return parent, words[1:]
}
