package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A sighting is what was seen of a trial.
type sighting struct {
	took   time.Duration  // from the client's start to its end
	late   bool           // the client was ended: it took longer than fireLimit
	said   string         // what the client printed
	asked  []modelRequest // what the model was sent
	denied bool           // the call that the hook denies has run
	free   bool           // the other call has run
	hook   bool           // the hook was asked about the first call
}

// verdict says what a sighting shows: exitOK, a denial is obeyed; exitFound, it is
// not; exitFail, the client did not come so far that it could be seen.
func (s sighting) verdict(name string) (status int, what, hint string) {
	told := slices.ContainsFunc(results(s.asked), func(r string) bool { return strings.Contains(r, denial) })
	switch {
	case s.denied && !s.hook:
		return exitFound, name + " makes calls without asking hooks", "the bridge was installed afresh and not called: this version of the client may need another bridge; please report it"
	case s.denied:
		return exitFound, name + " does not obey a denial: the call that a hook denied was made", "do not rely on guards under this version of the client; please report it"
	case s.late:
		return exitFail, fmt.Sprintf("%s did not end within %v: nothing is shown", name, fireLimit), "the client may wait for a network or for a user"
	case len(s.asked) == 0:
		return exitFail, name + " did not ask the model: nothing is shown", "is it a version that runs here?"
	case !s.hook:
		return exitFail, name + " did not ask the hook, nor make the call: nothing is shown", "what the model was told of its calls: " + oneLine(strings.Join(results(s.asked), " | "))
	case !told:
		return exitFound, name + " stops a denied call, but the model is not told why", "what it was told of its calls: " + oneLine(strings.Join(results(s.asked), " | "))
	case !s.free:
		return exitFound, name + " stops a denied call, but also one that no hook denies", "what the model was told of its calls: " + oneLine(strings.Join(results(s.asked), " | "))
	}
	return exitOK, fmt.Sprintf("%s obeys a denial (%.1f s)", name, s.took.Seconds()), ""
}

// lastWords are the client's last lines, where something is wrong.
func (s sighting) lastWords(status int) []string {
	text := strings.TrimSpace(s.said)
	if status == exitOK || text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	lines = lines[max(0, len(lines)-5):]
	for i := range lines {
		lines[i] = oneLine(lines[i])
	}
	return lines
}

// oneLine is a text from elsewhere, made fit for a line of a terminal.
func oneLine(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, text))
	if len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return string(runes)
}
