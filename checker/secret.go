package checker

import (
	"regexp"
	"sync"

	"github.com/run-hooks/run-hooks/loader"
)

// secretText is the forms of well-known keys. What follows the prefix is never
// shown.
var secretText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(sk-ant-[a-z0-9]+-)[\w-]{20,}|\b(sk-(?:proj-)?)[A-Za-z0-9_-]{24,}|\b(gh[pousr]_)[A-Za-z0-9]{30,}|\b(github_pat_)\w{30,}|\b(AKIA)[0-9A-Z]{16}\b|\b(xox[abprs]-)[\w-]{20,}|(hooks\.slack\.com/services/)T\w+/B\w+/\w+|(discord(?:app)?\.com/api/webhooks/)\d+/[\w-]+|\b(glpat-)[\w-]{20,}|\b(AIza)[\w-]{35}|(-----BEGIN )[A-Z ]*PRIVATE KEY|(Bearer )[A-Za-z0-9_.-]{24,}`)
})

// lintSecrets finds keys written into a program.
func lintSecrets(p *program) {
	for _, at := range secretText().FindAllStringSubmatchIndex(p.text, -1) {
		p.add(at[0], at[0]+len(secretPrefix(p.text, at)), loader.Warning, "secret", "a key stands in the text: "+secretPrefix(p.text, at)+"…", "who can read the repository can use it", "read it from the environment, and revoke this one")
	}
}

// lintHandlerSecrets finds keys in a handler's other fields.
func lintHandlerSecrets(h handler) {
	fields := append([]loader.Node{h.node.Get("url")}, h.node.Get("args").Elements()...)
	for _, m := range h.node.Get("headers").Members() {
		fields = append(fields, m.Value)
	}
	for _, n := range fields {
		if n.Kind() == '"' {
			p := program{text: n.Text(), place: n.Offset, report: h.addAt}
			lintSecrets(&p)
		}
	}
}

// secretPrefix returns the part of a key that tells what it is.
func secretPrefix(text string, at []int) string {
	for i := 2; i+1 < len(at); i += 2 {
		if at[i] >= 0 {
			return text[at[i]:at[i+1]]
		}
	}
	return ""
}

// masked hides the keys in a line of a file.
func masked(line string) string {
	return secretText().ReplaceAllStringFunc(line, func(key string) string {
		at := secretText().FindStringSubmatchIndex(key)
		prefix := secretPrefix(key, at)
		out := []byte(prefix)
		for range len(key) - len(prefix) {
			out = append(out, '*')
		}
		return string(out)
	})
}
