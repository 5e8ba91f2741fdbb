package checker

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintCommand judges the command of a handler, and notes the scripts it runs.
func (h handler) lintCommand(scripts scriptSet) {
	n := h.node.Get("command")
	if h.typ != hook.Command || n.Kind() != '"' {
		return
	}
	text := n.Text()
	if strings.TrimSpace(text) == "" {
		h.add(n, loader.Error, "command-empty", "the command is empty", "nothing runs, and what it guards goes on", "")
		return
	}
	h.lintPlaces(n)
	if h.node.Get("args").Exists() && h.kind != Codex {
		h.lintExec(scripts)
		return
	}
	if h.isWindows(text) {
		h.add(n, loader.Info, "windows-only-command", "the command is for Windows", "it does not run on macOS and Linux without PowerShell", "")
		return
	}
	if strings.HasPrefix(text, "#!") {
		h.add(n, loader.Info, "shebang-in-command", "the first line of a command is only a comment", "/bin/sh runs it, whatever it names", "")
	}
	p := h.program(n)
	if err := p.parse(); err != nil {
		h.lintSyntax(p, err)
		return
	}
	p.lint()
	lintAsync(h, p)
	p.findScripts(h, scripts)
}

// program makes a program of the string n of the config.
func (h handler) program(n loader.Node) *program {
	return &program{lang: posix, text: n.Text(), inline: true, uses: []handler{h}, place: n.Offset, report: h.addAt}
}

// isWindows reports whether a command is for another shell than /bin/sh.
func (h handler) isWindows(text string) bool {
	if h.node.Get("shell").Text() == "powershell" {
		return true
	}
	if strings.Contains(text, "$env:") || strings.HasPrefix(text, "& ") {
		return true
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	first = strings.ToLower(strings.Trim(first, `"'&`))
	for _, name := range []string{"powershell", "powershell.exe", "pwsh", "pwsh.exe", "cmd", "cmd.exe"} {
		if first == name {
			return true
		}
	}
	return strings.HasSuffix(first, ".ps1") || strings.HasSuffix(first, ".bat") || strings.HasSuffix(first, ".cmd")
}

// lintSyntax reports a command that no shell can read.
func (h handler) lintSyntax(p *program, err error) {
	if strings.Contains(p.text, "{{") {
		return // a template, rendered before it is used
	}
	msg, at := err.Error(), 0
	if parse, ok := err.(syntax.ParseError); ok {
		msg, at = parse.Text, int(parse.Pos.Offset())
	}
	_, bad := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(p.text), "")
	if bad == nil {
		return
	}
	p.add(at, at+1, loader.Error, "command-syntax", "the shell cannot read the command: "+msg, p.exitTwo(), "")
}

// lintExec judges a command in exec form: no shell expands anything in it.
func (h handler) lintExec(scripts scriptSet) {
	words := append([]loader.Node{h.node.Get("command")}, h.node.Get("args").Elements()...)
	for _, n := range words {
		text := n.Text()
		if strings.Contains(text, "$CLAUDE_PROJECT_DIR") || strings.HasPrefix(text, "~/") || strings.Contains(text, "$HOME") {
			h.add(n, loader.Error, "exec-not-expanded", fmt.Sprintf("without a shell %s is not expanded", quoted(text)), "the program gets it as it stands", "write ${CLAUDE_PROJECT_DIR}, which is replaced, or leave out \"args\"")
		}
	}
	if strings.Contains(words[0].Text(), " ") && !strings.Contains(words[0].Text(), "/") {
		h.add(words[0], loader.Error, "exec-not-expanded", fmt.Sprintf("with \"args\" %s is the name of one program", quoted(words[0].Text())), "it cannot be started, and what it guards goes on", "put its arguments into \"args\"")
		return
	}
	for i, n := range words {
		text := strings.NewReplacer("${CLAUDE_PROJECT_DIR}", h.root, "${CLAUDE_PLUGIN_ROOT}", h.root).Replace(n.Text())
		runner := ""
		if i > 0 {
			runner = words[0].Text()
		}
		if h.root != "" && !strings.ContainsAny(text, "$ ") && (i == 0 && strings.Contains(text, "/") || i == 1 && isScript(text)) {
			start, end := n.Span()
			scripts.refer(h, reference{path: text, runner: runner, exec: true, start: start, end: end})
		}
	}
}

// lintPlaces judges what a command's text says about places: the machine it was
// written on, templates that were never filled in, paths of Windows.
func (h handler) lintPlaces(n loader.Node) {
	text := n.Text()
	h.lintPersonal(n)
	if at := placeholder().FindStringSubmatchIndex(text); strings.Contains(text, "{") && at != nil {
		h.addAt(n.Offset(at[2]), n.Offset(at[3]), loader.Warning, "placeholder", text[at[2]:at[3]]+" is not replaced",
			"the command gets it as it stands", "read the payload on stdin, such as jq -r .tool_input.file_path")
	}
	if strings.Contains(text, `\`) && h.node.Get("shell").Text() != "powershell" && h.node.Get("args").Source() == "" && !h.isWindows(text) {
		lintBackslash(h, n)
	}
}

// lintPersonal finds a path below one person's directory in a command of a file
// that others share.
func (f *file) lintPersonal(n loader.Node) {
	text := n.Text()
	if f.personal() || !strings.Contains(text, "Users") && !strings.Contains(text, "/home/") {
		return
	}
	if at := personalPath().FindStringSubmatchIndex(text); at != nil {
		f.addAt(n.Offset(at[2]), n.Offset(at[3]), loader.Warning, "absolute-personal-path", text[at[2]:at[3]]+" is one person's directory",
			"the hook works on one machine", "write a path of the project, or $HOME")
	}
}

var personalPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s"'=:(])(/Users/[A-Za-z][A-Za-z0-9._-]*/|/home/[a-z][a-z0-9._-]*/|[A-Z]:[\\/]+Users[\\/]+[A-Za-z0-9._-]+)`)
})

var placeholder = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^$\w{}])(\{\{\s*[A-Za-z_]\w*\s*\}\}|\{(?:file_path|filePath|tool_input[\w.]*|tool_name|command|file|path|prompt)\})`)
})

// backslashPath is a path with backslashes outside of quotes: two names or more.
var backslashPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s=])((?:[A-Za-z]:|\.{1,2}|[\w.$%{}-]+)(?:\\[\w.-]+)+\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|exe|ps1|bat|cmd))(?:$|[\s;&|])`)
})

// lintBackslash finds paths of Windows, of which /bin/sh removes the backslashes.
func lintBackslash(h handler, n loader.Node) {
	text := n.Text()
	at := backslashPath().FindStringSubmatchIndex(text)
	if at == nil {
		return
	}
	path := text[at[2]:at[3]]
	slashed := strings.ReplaceAll(path, `\`, "/")
	h.addAt(n.Offset(at[2]), n.Offset(at[3]), loader.Error, "backslash-path", fmt.Sprintf("%s has backslashes, which the shell removes", path),
		fmt.Sprintf("%s is not found, and what the hook guards goes on", strings.ReplaceAll(path, `\`, "")), "write "+slashed,
		Edit{n.Offset(at[2]), n.Offset(at[3]), slashed})
}

// lintAsync finds guards that are not waited for: their verdict is ignored (§10.3).
func lintAsync(h handler, p *program) {
	async := h.node.Get("async")
	if async.IsTrue() && blocks(h.spec) && saysNo(p) && h.kind != Codex {
		h.add(async, loader.Error, "async-guard", "a hook with \"async\" is not waited for", "its verdict is ignored and nothing is blocked", "take \"async\" out")
	}
}
