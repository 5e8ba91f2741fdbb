package mapper

import (
	"strings"
	"testing"
)

// What OpenCode 1.18.33's own parser takes for a section, so must ours: each
// line of want is a verb, a path, the path it moves to, and the texts.
func TestParsePatch(t *testing.T) {
	for _, tt := range []struct{ name, patch, want string }{
		{"add", "*** Begin Patch\n*** Add File: a\n+1\n+2\n*** End Patch", "Add a  | |1,2"},
		{"add skips other lines", "*** Begin Patch\n*** Add File: a\nx\n+1\n*** End Patch", "Add a  | |1"},
		{"delete", "*** Begin Patch\n*** Delete File: a b \n*** End Patch", "Delete a b  | |"},
		{"update", "*** Begin Patch\n*** Update File: a\n@@ f\n c\n-1\n+2\n@@\n-3\n*** End Patch", "Update a  |c,1,3|c,2"},
		{"lines before the first chunk", "*** Begin Patch\n*** Update File: a\n-0\n@@\n-1\n*** End Patch", "Update a  |1|"},
		{"move alone", "*** Begin Patch\n*** Update File: a\n*** Move to: b\n*** End Patch", "Update a b | |"},
		{"end of file ends the section", "*** Begin Patch\n*** Update File: a\n@@\n-1\n*** End of File\n@@\n-2\n*** End Patch", "Update a  |1|"},
		{"several", "*** Begin Patch\n*** Delete File: a\n*** Add File: b\n+x\n*** End Patch", "Delete a  | |\nAdd b  | |x"},
		{"text around", "see:\n  *** Begin Patch  \n*** Delete File: a\n  *** End Patch\nbye", "Delete a  | |"},
		{"here-document", "cat <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF", "Delete a  | |"},
		{"carriage returns", "*** Begin Patch\r\n*** Add File: a\r\n+1\r\n*** End Patch", "Add a  | |1\r"},
		{"byte order mark in a path", "*** Begin Patch\n*** Delete File: \ufeffa\u00a0\n*** End Patch", "Delete a  | |"},
		{"section without a path", "*** Begin Patch\n*** Add File:\n+x\n*** Delete File: b\n*** End Patch", "Delete b  | |"},
		{"indented end marker", "*** Begin Patch\n*** Add File: a\n+1\n *** End Patch\n+2", "Add a  | |1,2"},
		{"section after the end", "*** Begin Patch\n*** Delete File: a\n*** End Patch\n*** Delete File: b", "Delete a  | |"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, err := parsePatch(tt.patch)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range files {
				got = append(got, f.verb+" "+f.path+" "+f.moveTo+" |"+strings.Join(f.old, ",")+"|"+strings.Join(f.new, ","))
			}
			if g := strings.Join(got, "\n"); g != strings.ReplaceAll(tt.want, "| |", "||") {
				t.Errorf("got\n%s\nwant\n%s", g, tt.want)
			}
		})
	}
}

func TestParsePatchErrors(t *testing.T) {
	for _, patch := range []string{
		"", "rm -rf /", "*** Begin Patch", "*** End Patch\n*** Begin Patch",
		"*** Begin Patch\n*** End Patch", "*** Begin Patch\nhello\n*** End Patch",
	} {
		if files, err := parsePatch(patch); err == nil {
			t.Errorf("%q is taken for a patch of %v", patch, files)
		}
	}
}
