package loader

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"

	hook "github.com/run-hooks/run-hooks"
)

// A Document is the text of one JSON config file and its values with their
// places, for those who look closer than Load does.
type Document struct {
	src   *source
	root  node
	fault *Finding
	toml  *source // the file it was made from; nil for JSON
}

// ReadDocument reads the file at path; name is how messages name it. A file
// that is not strict JSON is no error: see [Document.Fault].
func ReadDocument(path, name string) (*Document, error) {
	src, err := read(place{path: path}, name)
	switch {
	case err != nil:
		return nil, errors.New(errorText(err))
	case src == nil:
		return nil, os.ErrNotExist
	}
	d := &Document{src: src}
	d.root, d.fault = parse(src)
	return d, nil
}

// ParseDocument reads text as the content of a config file called name.
func ParseDocument(name string, text []byte) *Document {
	d := &Document{src: &source{name: name, text: toUTF8(text)}}
	d.root, d.fault = parse(d.src)
	return d
}

// Root returns the file's value; it is absent where the text cannot be parsed
// even with comments and trailing commas allowed.
func (d *Document) Root() Node { return Node{d.root} }

// Text returns the file's text as UTF-8 without a byte order mark. Offsets are
// offsets in it. The caller must not change it.
func (d *Document) Text() []byte { return d.src.text }

// Fault returns why the file is not strict JSON, nil if it is.
func (d *Document) Fault() *Finding { return d.fault }

// Pos returns the place of the byte at offset.
func (d *Document) Pos(offset int) hook.Pos {
	if d.toml != nil {
		return d.placeInTOML(offset)
	}
	return d.src.pos(offset)
}

// Editable reports whether offsets are those of the file, so that it can be
// changed by them.
func (d *Document) Editable() bool { return d.toml == nil && d.fault == nil }

// A Node is one value of a Document. The zero Node is an absent value.
type Node struct{ n node }

// A Member is one name and value of an object.
type Member struct {
	Name  string
	Key   Node // the name, as a value of its own
	Value Node
}

// Exists reports whether there is a value.
func (n Node) Exists() bool { return n.n.v != nil }

// Kind returns the first byte of the value's text, with '0' for a number, 't'
// for a boolean and 0 for an absent value.
func (n Node) Kind() byte { return n.n.kind() }

// What names the kind of the value, for messages.
func (n Node) What() string { return n.n.what() }

// Span returns the offsets of the value's first byte and of the one after its last.
func (n Node) Span() (start, end int) {
	if n.n.v == nil {
		return 0, 0
	}
	return n.n.v.StartOffset, n.n.v.EndOffset
}

// Source returns the value as it stands in the file.
func (n Node) Source() string { return n.n.text() }

// Text returns a string value's text, "" for any other value.
func (n Node) Text() string { return n.n.str() }

// Number returns a number, 0 for any other value.
func (n Node) Number() float64 { return n.n.number() }

// IsTrue reports whether the value is the literal true.
func (n Node) IsTrue() bool { return n.n.isTrue() }

// Get returns the value of a member, an absent one if there is none.
func (n Node) Get(name string) Node { return Node{n.n.get(name)} }

// Hooks returns how many handlers the value holds, well-formed or not.
func (n Node) Hooks() int { return countHandlers(n.n) }

// Members returns the members of an object, nil for any other value. Of a name
// that occurs twice only the last is returned, as JSON.parse does (§9.1).
func (n Node) Members() []Member {
	var out []Member
	for _, f := range n.n.fields() {
		out = append(out, Member{f.name, Node{f.key}, Node{f.value}})
	}
	return out
}

// Elements returns the elements of an array, nil for any other value.
func (n Node) Elements() []Node {
	var out []Node
	for _, e := range n.n.elems() {
		out = append(out, Node{e})
	}
	return out
}

// Offset returns where byte i of a string value's text stands in the file.
func (n Node) Offset(i int) int {
	start, end := n.Span()
	at := start + 1
	for width := 0; width < i && at < end-1; {
		in, out := escapeWidth(n.n.src.text[at : end-1])
		at, width = at+in, width+out
	}
	return at
}

// escapeWidth returns how many bytes of a JSON string's source make up its
// first unit, and how many bytes of text that is.
func escapeWidth(source []byte) (in, out int) {
	if source[0] != '\\' || len(source) < 2 {
		return 1, 1
	}
	if source[1] != 'u' || len(source) < 6 {
		return 2, 1
	}
	var r rune
	for _, c := range source[2:6] {
		r = r<<4 | rune(hexValue(c))
	}
	switch {
	case r < 0x80:
		return 6, 1
	case r < 0x800:
		return 6, 2
	case r >= 0xd800 && r < 0xdc00 && len(source) >= 12:
		return 12, 4
	}
	return 6, 3
}

func hexValue(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// Faults returns what Claude Code would leave out of the "hooks" of d, or drop
// the file for.
func Faults(d *Document) []Finding {
	v := validator{src: d.src, strict: true}
	v.hooks(d.root.get("hooks"))
	return v.findings
}

// InspectAs reads the one config file at path as one of scope, whatever it is
// called; an absent file is one without hooks. name is how messages name it.
func InspectAs(path, name string, scope hook.Scope) *File {
	p := place{path, scope}
	var file *File
	switch {
	case scope == hook.ScopeCodex && strings.HasSuffix(path, ".toml"):
		file = loadCodexTOML(p, name)
	case scope == hook.ScopeCodex:
		file = loadCodexJSON(p, name)
	case scope == hook.ScopeOpenCode:
		file = loadOpenCodeFile(p, name)
	default:
		file = loadClaude(p, name)
	}
	if file == nil {
		file = &File{Path: path, Name: name, Scope: scope, Status: Loaded}
	}
	return file
}

// ReadTOML reads the [hooks] of the Codex config at path as a Document of the
// same shape as a hooks.json. A place in it is that of the line where the file
// first names the event. Offsets are not those of the file.
func ReadTOML(path, name string) (*Document, error) {
	src, err := read(place{path: path}, name)
	switch {
	case err != nil:
		return nil, errors.New(errorText(err))
	case src == nil:
		return nil, os.ErrNotExist
	}
	var config struct {
		Hooks map[string]any `toml:"hooks"`
	}
	if err := toml.Unmarshal(src.text, &config); err != nil {
		return nil, err
	}
	delete(config.Hooks, "state") // Codex's record of reviewed hooks
	text, err := json.Marshal(map[string]any{"hooks": config.Hooks})
	if err != nil {
		return nil, err
	}
	d := ParseDocument(name, text)
	d.toml = src
	return d, nil
}

// placeInTOML returns the line of the TOML file for a place in the Document.
func (d *Document) placeInTOML(offset int) hook.Pos {
	at := bytes.Index(d.toml.text, []byte("hooks"))
	for _, f := range d.root.get("hooks").fields() {
		if offset < f.key.v.StartOffset || offset >= f.value.v.EndOffset {
			continue
		}
		if i := bytes.Index(d.toml.text, []byte("hooks."+f.name)); i >= 0 {
			at = i
		}
	}
	return d.toml.pos(at)
}
