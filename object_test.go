package hook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParseObject(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                           `{}`,
		" {\"b\" : 1,\n\"a\":[1, 2]} ": `{"b":1,"a":[1,2]}`,
		`{"a":1,"b":2,"a":3}`:          `{"a":3,"b":2}`,              // the last counts, in the first's place
		`{"n":12345678901234567890}`:   `{"n":12345678901234567890}`, // no number is rounded
		`{"s":"<b>&\u2028\ud800"}`:     `{"s":"<b>&\u2028\ud800"}`,   // escapes stay as they came
		"{\"s\":\"a\u2028b\"}":         "{\"s\":\"a\u2028b\"}",       // and so does what need not be escaped
		`{"A":1,"a":2}`:                `{"A":1,"a":2}`,              // names differ by case
		`{"x":{"y":null},"z":[true]}`:  `{"x":{"y":null},"z":[true]}`,
	} {
		o, err := ParseObject([]byte(in))
		if err != nil {
			t.Errorf("ParseObject(%s): %v", in, err)
		} else if got := string(o.JSON()); got != want {
			t.Errorf("ParseObject(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestParseObjectRefuses(t *testing.T) {
	for in, want := range map[string]string{
		``:                "ends too early",
		`{`:               "ends too early",
		`{"a":1`:          "ends too early",
		`[]`:              "not a JSON object",
		`null`:            "not a JSON object",
		`{"a":1} {}`:      "text after the end",
		`{"a":1,}`:        "line 1, column",
		"{\n \"a\": x\n}": "line 2, column",
		`{'a':1}`:         "line 1, column",
	} {
		if o, err := ParseObject([]byte(in)); err == nil {
			t.Errorf("ParseObject(%s) = %s, want an error", in, o.JSON())
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("ParseObject(%s): %v, want %q in it", in, err, want)
		}
	}
}

// With must leave the object it was called on as it was: decisions share them.
func TestWithCopies(t *testing.T) {
	a := Object{}.WithText("x", "1")
	b, c := a.WithText("y", "b"), a.WithText("y", "c")
	if got := fmt.Sprintf("%s %s %s", a.JSON(), b.JSON(), c.JSON()); got != `{"x":"1"} {"x":"1","y":"b"} {"x":"1","y":"c"}` {
		t.Error(got)
	}
	if d := a.WithText("x", "2"); string(a.JSON()) != `{"x":"1"}` || string(d.JSON()) != `{"x":"2"}` {
		t.Errorf("%s %s", a.JSON(), d.JSON())
	}
}

// FuzzObject holds that what passes through an Object is the same JSON after it,
// and that a second pass changes nothing.
func FuzzObject(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":{"b":[1,"x",null]}}`, `{"a":1,"a":2}`, `{"é":"\ud83d\ude00"}`, "{\"a\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := ParseObject(text)
		if err != nil {
			return
		}
		once := o.JSON()
		if !json.Valid(once) {
			t.Fatalf("%q became %q, which is not JSON", text, once)
		}
		again, err := ParseObject(once)
		if err != nil || !bytes.Equal(again.JSON(), once) {
			t.Fatalf("%q became %q and then %q (%v)", text, once, again.JSON(), err)
		}
		for i, m := range o {
			if again[i].Name != m.Name {
				t.Fatalf("member %d of %q was %q and is %q", i, text, m.Name, again[i].Name)
			}
		}
	})
}

func BenchmarkParseObject(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, `%c"k%d":%d`, ",{"[min(1, max(0, 1-i))], i, i)
	}
	text.WriteByte('}')
	for b.Loop() {
		if _, err := ParseObject([]byte(text.String())); err != nil {
			b.Fatal(err)
		}
	}
}
