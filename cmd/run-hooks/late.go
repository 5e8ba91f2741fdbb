package main

import (
	hook "github.com/run-hooks/run-hooks"
)

// failedAlone reports whether a block leaves no room for context.
func (b *bridge) failedAlone(d hook.Decision, ev *hook.Event) bool {
	return ev.Spec.Alone && d.Permission == hook.Deny
}

// keepLate remembers what hooks in the background say when they end, for the
// next event of the session that can carry it (§10.3). Only a resident bridge
// lives to hear it.
func (b *bridge) keepLate(ev *hook.Event, f firing) {
	session := ev.String("session_id")
	for _, o := range f.outcomes {
		if o.Later == nil {
			continue
		}
		go func() {
			end := <-o.Later // which recovers from its own panics
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, text := range []string{end.Context, end.Message} {
				if text != "" {
					b.late[session] = append(b.late[session], text)
				}
			}
		}()
	}
}

// takeLate returns what was kept for ev's session.
func (b *bridge) takeLate(ev *hook.Event) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	session := ev.String("session_id")
	texts := b.late[session]
	delete(b.late, session)
	return texts
}
