package mapper

import (
	"regexp"
	"strconv"
	"strings"
)

// shellReport takes the output and the exit status out of the text that Gemini CLI
// and Qwen Code give the model of a shell command: lines "Output: …", and behind
// the output lines like "Exit Code: 3" and "Process Group PGID: 12". A text in
// another form is all output, and a success.
func shellReport(said string) (output string, exit int) {
	body := strings.TrimSpace(said)
	body = strings.TrimPrefix(body, "<untrusted_context>")
	body = strings.TrimSuffix(body, "</untrusted_context>")
	begin := regexp.MustCompile(`(?m)^Output: `).FindStringIndex(body)
	if begin == nil {
		return said, 0
	}
	all := strings.Split(strings.TrimRight(body[begin[1]:], "\n"), "\n")
	trailer := regexp.MustCompile(`^(Error|Exit Code|Signal|Background PIDs|Process Group PGID): (.*)$`)
	seen := map[string]bool{} // of a line that stands there twice, one is output
	for len(all) > 1 {
		m := trailer.FindStringSubmatch(all[len(all)-1])
		if m == nil || seen[m[1]] {
			break
		}
		seen[m[1]] = true
		switch status, err := strconv.Atoi(m[2]); {
		case err != nil:
		case m[1] == "Exit Code":
			exit = status
		case m[1] == "Signal" && status > 0 && exit == 0:
			exit = 128 + status // as a shell has it
		}
		all = all[:len(all)-1]
	}
	if output = strings.Join(all, "\n"); output == "(empty)" {
		output = ""
	}
	return output, exit
}
