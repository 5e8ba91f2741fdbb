package mapper

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	hook "github.com/run-hooks/run-hooks"
)

// mostURLs is how many URLs web_fetch says it takes. More would start as many hooks
// at once as the model likes.
const mostURLs = 20

// geminiParts reads the call that the event is about: a call of Claude's for each
// URL it fetches, and for each file that its path may be (geminiPaths).
func geminiParts(e *commandEvent) ([]toolCall, error) {
	t, err := e.tool()
	if err != nil {
		return nil, err
	}
	t.name = geminiName(e.in, t.name)
	var inputs []hook.Object
	if field := pathField(t.row); t.native == "web_fetch" {
		urls := urlsOf(t.args)
		if len(urls) > mostURLs {
			return nil, fmt.Errorf("web_fetch of %d URLs; fetch no more than %d at once", len(urls), mostURLs)
		}
		for _, url := range urls {
			inputs = append(inputs, append(hook.Object{}.WithText("url", url), dropped(t.args, "url")...))
		}
	} else if given := text(t.args, field.Native); given != "" {
		for _, p := range geminiPaths(t.native, given, e.cwd) {
			inputs = append(inputs, t.input.WithText(field.Claude, p))
		}
	}
	if len(inputs) == 0 {
		return []toolCall{t}, nil
	}
	out := make([]toolCall, len(inputs))
	for i, input := range inputs {
		out[i] = t
		out[i].input = input
	}
	return out, nil
}

// geminiName is Claude's name of a tool. Only mcp_context tells the two halves of
// an MCP tool's name apart; without it the server's ends at the first underscore,
// as Gemini itself takes it. Claude Code has a _ in both for any character but a
// letter, a digit, _ and -.
func geminiName(in hook.Object, name string) string {
	mcp := object(in, "mcp_context")
	server, tool := text(mcp, "server_name"), text(mcp, "tool_name")
	if rest, ok := strings.CutPrefix(name, "mcp_"); ok && (server == "" || tool == "") {
		server, tool, _ = strings.Cut(rest, "_")
	}
	if server == "" || tool == "" {
		return name
	}
	return "mcp__" + plainName(server, "_") + "__" + plainName(tool, "_")
}

// geminiPaths are the files that Gemini 0.61.0 may take a path for. But for
// list_directory it decodes a path's percent signs like those of a URL, once it is
// absolute; from that of a file it takes NULs away, and an @ in front of a relative
// one where there is no such file, which is not to be seen from here.
func geminiPaths(tool, given, dir string) []string {
	if tool == "list_directory" {
		return []string{absolute(given, dir)}
	}
	given = strings.ReplaceAll(given, "\x00", "")
	out := []string{decodedPath(absolute(given, dir))}
	rest, at := strings.CutPrefix(given, "@")
	if rest = strings.TrimLeft(rest, `/\`); at && rest != "" && (tool == "read_file" || tool == "write_file") {
		out = append(out, decodedPath(absolute(rest, dir)))
	}
	return out
}

// decodedPath decodes as decodeURIComponent does: all, or where that fails nothing.
func decodedPath(p string) string {
	decoded, err := url.PathUnescape(p)
	if err != nil || !utf8.ValidString(decoded) {
		return p
	}
	return path.Clean(decoded)
}

// urlsOf are the URLs that web_fetch may fetch: every word of the prompt that has
// :// in it, or, with experimental.directWebFetch, the argument url.
func urlsOf(args hook.Object) []string {
	out := urlsIn(text(args, "prompt"))
	if u := text(args, "url"); u != "" && !slices.Contains(out, u) {
		out = append(out, u)
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

// urlsIn are the URLs in a prompt, whose words Gemini parts at what JavaScript
// takes for white space.
func urlsIn(prompt string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(prompt, func(r rune) bool { return r == '\ufeff' || unicode.IsSpace(r) && r != '\u0085' }) {
		if strings.Contains(word, "://") && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// geminiWanted puts the inputs that hooks want into Gemini's form. One that is for
// a part of a call cannot be put into it. A relative path of replace is made what
// hooks have seen: Gemini would look for a file of that name anywhere below.
func geminiWanted(c Call, ds []hook.Decision) []hook.Decision {
	if c.Native != "BeforeTool" || len(ds) == 0 || len(ds) != len(c.Events) {
		return ds
	}
	native, args := text(c.Input, "tool_name"), object(c.Input, "tool_input")
	out := slices.Clone(ds)
	if native == "replace" && out[0].UpdatedInput == nil && !path.IsAbs(text(args, "file_path")) {
		out[0].UpdatedInput = c.Events[0].ToolInput().JSON()
	}
	for i, d := range out {
		input, err := hook.ParseObject(d.UpdatedInput)
		switch {
		case d.UpdatedInput == nil || err != nil:
		case len(out) > 1 && d.Permission < hook.Ask:
			out[i].Permission = hook.Deny
			out[i].Reason = "it wants another input, which cannot be put into a call that may be of several; make one of this alone: " + string(d.UpdatedInput)
		case native == "web_fetch":
			out[i].UpdatedInput = fetched(args, input).JSON()
		default:
			out[i].UpdatedInput = encodedPath(native, input, c.Events[i].String("cwd")).JSON()
		}
	}
	return out
}

// encodedPath makes the path of an input that hooks want one that Gemini takes for
// that file, whatever is in its name.
func encodedPath(native string, input hook.Object, dir string) hook.Object {
	h := Harness{Tools: geminiTools()}
	row, _ := h.toolNamed(native)
	field := pathField(row)
	p := text(input, field.Claude)
	if field.Native == "" || p == "" {
		return input
	}
	if p = absolute(p, dir); native != "list_directory" {
		p = strings.ReplaceAll(p, "%", "%25")
	}
	return input.WithText(field.Claude, p)
}

// fetched puts the URL that a hook wants to be fetched to where Gemini has it.
func fetched(args, input hook.Object) hook.Object {
	url, was := text(input, "url"), urlsIn(text(args, "prompt"))
	if url == "" || len(was) == 0 && text(args, "url") != "" {
		return input
	}
	prompt := text(input, "prompt")
	if len(was) > 0 {
		prompt = strings.ReplaceAll(prompt, was[0], url)
	}
	if !strings.Contains(prompt, url) {
		prompt = lines(url, prompt)
	}
	return dropped(input.WithText("prompt", prompt), "url")
}
