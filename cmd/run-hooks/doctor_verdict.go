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

// verdict says what a sighting shows of a trial: exitOK, a denial is obeyed;
// exitFound, it is not; exitFail, the client did not come so far that it could be
// seen.
func (s sighting) verdict(t *trial) (status int, what string, hints []string) {
	name := t.agent.Name
	said := "what the model was told of its calls: " + oneLine(strings.Join(results(s.asked), " | "))
	switch {
	case s.denied && !s.hook && t.own:
		return exitFound, name + " makes calls without asking hooks", lines(t.unasked)
	case s.denied && !s.hook:
		return exitFound, name + " makes calls without asking hooks", lines("the bridge was installed afresh and not called: either this machine's settings for all its users switch hooks off, or this version of the client needs another bridge; if so please report it")
	case s.denied:
		return exitFound, name + " does not obey a denial: the call that a hook denied was made", lines("do not rely on guards under this version of the client; please report it")
	case s.late:
		return exitFail, fmt.Sprintf("%s did not end within %v: nothing is shown", name, fireLimit), lines("the client may wait for a network or for a user")
	case len(s.asked) == 0:
		return exitFail, name + " did not ask the model: nothing is shown", lines("is it a version that runs here?")
	case !s.hook:
		return exitFail, name + " did not ask the hook, nor make the call: nothing is shown", lines(said)
	case !s.told():
		return exitFound, name + " stops a denied call, but the model is not told why", lines(said)
	case !s.free:
		return exitFound, name + " stops a denied call, but also one that no hook denies", lines(said)
	}
	return exitOK, fmt.Sprintf("%s obeys a denial (%.1f s)", name, s.took.Seconds()), lines(t.but(t))
}

// lines are those of texts that say something.
func lines(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// told reports whether the model has read why a call was denied, in its result or
// beside it; what stood in its first request already is something else.
func (s sighting) told() bool {
	says := func(asked modelRequest) bool {
		return slices.ContainsFunc(asked.Messages, func(m modelMessage) bool { return strings.Contains(m.Text, denial) })
	}
	return len(s.asked) > 0 && !says(s.asked[0]) && slices.ContainsFunc(s.asked, says)
}

// lastWords are the client's last lines, where something is wrong.
func (s sighting) lastWords(status int) []string {
	text := strings.TrimSpace(s.said)
	if status == exitOK || text == "" {
		return nil
	}
	last := strings.Split(text, "\n")
	last = last[max(0, len(last)-5):]
	for i := range last {
		last[i] = "| " + oneLine(last[i])
	}
	return last
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
