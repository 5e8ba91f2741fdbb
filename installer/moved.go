package installer

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Mover is an environment variable that moves an agent's directory of the user.
type Mover struct {
	Variable string
	Below    string   // where the directory is below what the variable says; "" if that is it
	Files    []string // below the home directory: where the agent reads it from if it is not set, the first that has it
}

// Moved says where agents keep the user's files that the environment has moved.
// absolute makes a path absolute; home may be "".
func Moved(home string, getenv, absolute func(string) string) map[string]string {
	out := map[string]string{}
	for _, a := range Agents() {
		for _, m := range slices.Backward(a.Moves) {
			if at := m.says(home, getenv); at != "" {
				out[a.Name] = filepath.Join(absolute(at), m.Below)
			}
		}
	}
	return out
}

// says is the value of the variable, "" if it has none.
func (m Mover) says(home string, getenv func(string) string) string {
	if at := getenv(m.Variable); at != "" {
		return at
	}
	line := regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?` + m.Variable + `[ \t]*[=:][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s#]*)`)
	for _, file := range below(home, m.Files) {
		text, err := read(file)
		if err != nil {
			continue
		}
		if found := line.FindSubmatch(text); found != nil {
			if at := strings.Trim(string(found[1]), `"'`); at != "" {
				return at
			}
		}
	}
	return ""
}
