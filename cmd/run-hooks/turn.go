package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/mapper"
)

// inTurn keeps a turn in order under an agent that does not wait for the hooks of
// some events: the end of the turn waits for those that are being answered, so that
// what they object to does not come too late. done is called when call is answered.
func (b *bridge) inTurn(call mapper.Call, m memory) (done func()) {
	done = func() {}
	if len(b.harness.Unawaited) == 0 || m.path == "" {
		return done
	}
	name := filepath.Join(filepath.Dir(m.path), "unawaited")
	ends := slices.ContainsFunc(call.Events, func(ev hook.Event) bool { return ev.Spec.Name == hook.Stop })
	switch {
	case slices.Contains(b.harness.Unawaited, call.Native):
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err == nil {
			err = lockShared(file)
			done = func() { file.Close() }
		}
		b.tellForgotten(err)
	case ends:
		b.tellForgotten(unlocked(b.life(), name))
	}
	return done
}

// unlocked waits until nobody has a file locked, or ctx is over.
func unlocked(ctx context.Context, name string) error {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	free := make(chan error, 1)
	go func() {
		free <- lock(file)
		file.Close()
	}()
	select {
	case err := <-free:
		return err
	case <-ctx.Done():
		return nil // what was told to stop decides nothing
	}
}
