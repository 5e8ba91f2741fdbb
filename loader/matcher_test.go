package loader

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestMatcherClass is §3.1's table of characters: which ASCII characters leave a
// matcher a list of exact names. "X|ash" with the character in the middle would
// match Bash as a regular expression.
func TestMatcherClass(t *testing.T) {
	const list = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_- ,|"
	for c := rune(0); c < 128; c++ {
		m := parseMatcher("X"+string(c), false)
		if isList := m.re == nil && m.bad == nil; isList != strings.ContainsRune(list, c) {
			t.Errorf("a matcher with %q is a list: %v", c, isList)
		}
	}
	for _, c := range "éß日٣\u00a0\u2028" {
		if m := parseMatcher("X"+string(c), false); m.re == nil {
			t.Errorf("a matcher with %q is a list", c)
		}
	}
	for c := rune(0); c < 128; c++ {
		want := strings.ContainsRune(strings.Trim(list, "- ,|")+"|", c)
		if m := parseMatcher("X"+string(c), true); (m.re == nil && m.bad == nil) != want {
			t.Errorf("on StopFailure and FileChanged a matcher with %q is a list: %v", c, !want)
		}
	}
}

// TestMatcherTable is §3.1's table of matchers, against four tools.
func TestMatcherTable(t *testing.T) {
	const all = "Bash Edit Write mcp__my-srv__echo"
	for text, want := range map[string]string{
		"": all, "*": all, ".*": all, ".": all, `\w+`: all, "Edit|.*": all,
		"Bash": "Bash", "Bash ": "Bash", " Bash": "Bash",
		"bash": "", "BASH": "", "Bas": "", "ash": "", "Bash-x": "", "all": "",
		"Edit|Write": "Edit Write", "Edit | Write": "Edit Write", "Edit,Write": "Edit Write", "Edit , Write": "Edit Write", "Edit|Write|MultiEdit": "Edit Write",
		"Edit Write": "", "Write|": "Write", "|Write": "Write", "Bash||Edit": "Bash Edit",
		"|": "", ",": "", " ": "",
		"^Bash$": "Bash", "^Ba": "Bash", "sh$": "Bash", "B.*": "Bash", "Ba.h": "Bash", `\bBash\b`: "Bash", "(?=B)Bash": "Bash", "(?<n>B)ash": "Bash",
		"(?<=B)ash": "Bash", "Bash{1}": "Bash", "Bash+": "Bash", "Ba(s)h": "Bash", `\x42ash`: "Bash", `\u0042ash`: "Bash",
		"(Bash|Edit)": "Bash Edit", "Bash$|^Edit": "Bash Edit", "^(?!Bash)": "Edit Write mcp__my-srv__echo", "^(?!Bash$).*": "Edit Write mcp__my-srv__echo",
		"Write|Edit.*": "Edit Write", "^.{4}$": "Bash Edit", "(?:B|W)[a-z]+": "Bash Write", "Notebook|Edit": "Edit",
		"mcp__my-srv": "", "mcp__": "", "mcp__my-srv__echo": "mcp__my-srv__echo", "mcp__.*": "mcp__my-srv__echo", "mcp__*": "mcp__my-srv__echo",
		"mcp__*__echo": "", "Mcp__.*": "", "mcp__my_srv__echo": "",
		"(": "", "Bash(": "", "[": "", "*Bash": "", "(?i)bash": "", "Bash|*": "", "*|Bash": "", "**": "", "Bash(*)": "", "Write(src/**)": "", "Edit(*.ts)": "",
		"Bash(git *)": "", "Bash(echo:*)": "", "!Bash": "", "/Bash/": "", "/bash/i": "", "Bash\n": "", "Bash;Edit": "", "Bash&Edit": "", "Bash.Edit": "", "Edit\t|\tWrite": "",
	} {
		m := parseMatcher(text, false)
		var got []string
		for tool := range strings.FieldsSeq(all) {
			if m.matches([]string{tool}) {
				got = append(got, tool)
			} else if m.why(tool) == "" {
				t.Errorf("matcher %q does not match %s and does not say why", text, tool)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("matcher %q matches %q, want %q", text, got, want)
		}
	}
}

// javaScript is a running Node that says for a pattern and a text, a JSON array a
// line, whether new RegExp(pattern).test(text).
type javaScript struct {
	in  *json.Encoder
	out *bufio.Scanner
}

const program = `require("readline").createInterface({input: process.stdin}).on("line", line => {
  const [pattern, text] = JSON.parse(line)
  let answer = false
  try { answer = new RegExp(pattern).test(text) } catch {}
  console.log(answer)
})`

// startNode starts Node, which must be there if REQUIRE_NODE is 1 and is done
// without otherwise.
func startNode(f testing.TB) *javaScript {
	path, err := exec.LookPath("node")
	if err != nil && os.Getenv("REQUIRE_NODE") == "1" {
		f.Fatal(err)
	}
	if err != nil {
		f.Skip("node is not here to compare with")
	}
	cmd := exec.Command(path, "-e", program)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		f.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		f.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			f.Error(err)
		}
	})
	return &javaScript{json.NewEncoder(stdin), bufio.NewScanner(stdout)}
}

// test asks whether pattern matches text.
func (js *javaScript) test(t *testing.T, pattern, text string) bool {
	if err := js.in.Encode([]string{pattern, text}); err != nil {
		t.Fatal(err)
	}
	if !js.out.Scan() {
		t.Fatalf("node gave no answer: %v", js.out.Err())
	}
	return js.out.Text() == "true"
}

// FuzzMatcher compares patterns with JavaScript's own engine.
func FuzzMatcher(f *testing.F) {
	for _, pattern := range []string{"^Bash$", "B.*", "^(?!Bash)", "(?<=B)ash", "(?<n>B)ash", `(?<n>B)ash\k<n>`, `\x42ash`, `\u{42}ash`, `\cJ`, `[^]`, `[]`, "(?i)bash",
		"(?>Bash)", "(?#x)Bash", "Bash{,2}", "Bash{1,}", "Bash{2,1}", "Bash{", "Bash}", "Bash]", "x*+", "a**", `\d+`, `\s`, `\w\W`, `\bBash\B`, `(a)|\1b`, `\8`, `\07`, "$^", ".", `[\b]`,
		`[a-\d]`, "[z-a]", `\p{L}`, `(?:)`, "()", "|", "a|*", `[[:alpha:]]`, `\Z`, `\A`, `\z`, `\G`, `\h`, `(?'n'B)`, `(?P<n>B)`, `(?=B)*`, `\Q`, `\/`, `Bash\`, "(?<a>x)|(?<a>y)", "(?<1>x)"} {
		f.Add(pattern, "Bash")
		f.Add(pattern, "mcp__a-b__c\nB")
	}
	node := startNode(f)
	modifiers := regexp.MustCompile(`\(\?[a-z-]+:`)
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern)+len(text) > 200 || !utf8.ValidString(pattern) || !utf8.ValidString(text) {
			return
		}
		m := parseMatcher(pattern, false)
		if m.all || m.re == nil && m.bad == nil {
			return // no regular expression
		}
		if modifiers.MatchString(pattern) {
			return // (?i:…) is newer than many a Node
		}
		if got, want := m.matches([]string{text}), node.test(t, pattern, text); got != want {
			t.Errorf("/%s/ on %q is %v, JavaScript says %v", pattern, text, got, want)
		}
	})
}

// TestMatcherAgainstJavaScript compares random patterns put together from the
// pieces people write.
func TestMatcherAgainstJavaScript(t *testing.T) {
	pieces := []string{"Bash", "Edit", "B", "a", "sh", ".", ".*", ".+", "^", "$", "|", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "[", "]", "[^", "-", "*", "+", "?", "{2}", "{1,}", "{,2}",
		`\w`, `\W`, `\d`, `\s`, `\b`, `\B`, `\.`, `\x42`, `\u0042`, `\1`, `\k<n>`, "mcp__", "__", " ", "/", "i", `\`, "!", "}", "{"}
	texts := []string{"Bash", "Edit", "mcp__a-b__echo", "", "B\na", "BashBash"}
	node := startNode(t)
	r := rand.New(rand.NewPCG(3, 5))
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		pattern, text := b.String(), texts[r.IntN(len(texts))]
		m := parseMatcher(pattern, false)
		if m.all || m.re == nil && m.bad == nil {
			continue
		}
		if got, want := m.matches([]string{text}), node.test(t, pattern, text); got != want {
			t.Errorf("/%s/ on %q is %v, JavaScript says %v", pattern, text, got, want)
		}
	}
}

// A tool whose name an agent blurs is meant by a matcher as it stands and without
// its hyphens, but not by what a hyphen means in a regular expression.
func TestMatcherBlurred(t *testing.T) {
	for text, want := range map[string]string{
		"mcp__my-srv__do-it|Bash":  "mcp__my_srv__do_it|Bash",
		"mcp__(a-b|c)__[a-z-]+-x":  "mcp__(a_b|c)__[a-z-]+_x",
		`a\-b[\]-]-`:               `a_b[\]-]_`,
		"(?i-m:a-b)(?:c-d)(?=e-f)": "(?i-m:a_b)(?:c_d)(?=e_f)",
		`\\-`:                      `\\_`,
		`a-\`:                      `a_\`,
	} {
		if got := blurred(text); got != want {
			t.Errorf("blurred(%s) = %s, not %s", text, got, want)
		}
	}
}
