//go:build unix

package conformance

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A behaviour is what a recorder does once it has written down how it was
// started, in this order.
type behaviour struct {
	Trap    []string          // signals to catch, write down and survive: TERM …
	NoStdin bool              // do not read stdin
	Sleep   float64           // seconds before any output
	Out     string            // text for stdout
	JSON    json.RawMessage   // then a value, printed on stdout as Python prints it
	Hex     string            // then bytes for stdout
	Err     string            // text for stderr
	Write   map[string]string // files to write: text by path
	EnvFile string            `json:"env_file"` // text appended to $CLAUDE_ENV_FILE, if that is set
	Sleep2  float64           // seconds after the output
	Kill    syscall.Signal    // signal to send itself at the end: one that ends a Go program as it is, as 9 and 15 do
	Exit    int               // exit status
}

// A record is what a recorder writes down: rec/hk-ID-N.json for its nth start.
// rec/hk-ID-N.end is there when it came to its end, rec/hk-ID-N.sig when it
// caught signals.
type record struct {
	ID    string
	N     int
	Argv  []string
	Cwd   string
	Env   map[string]string
	Stdin *string // nil until it is read to its end

	signals []string
	ended   bool
}

// recordAndExit is the program hk: hk ID [ARGS…]. The scratch directory is the
// parent of the folder its file lies in.
func recordAndExit(self string) {
	status, err := recordAndBehave(filepath.Dir(filepath.Dir(self)), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "hk:", err)
		status = 1
	}
	// Not os.Exit: it waits for the race detector's reports.
	syscall.Exit(status)
}

func recordAndBehave(root string, args []string) (int, error) {
	if len(args) == 0 {
		return 0, errors.New("no id")
	}
	// A reader that has gone is an error of the write, not the end.
	signal.Ignore(syscall.SIGPIPE)
	n, base, err := nextRecord(filepath.Join(root, "rec", "hk-"+args[0]))
	if err != nil {
		return 0, err
	}
	does, err := readBehaviour(filepath.Join(root, "hk.json"), args[0], n)
	if err != nil {
		return 0, err
	}
	if err := trap(does.Trap, base); err != nil {
		return 0, err
	}
	if err := writeRecord(args, n, base, !does.NoStdin); err != nil {
		return 0, err
	}
	if err := behave(does); err != nil {
		return 0, err
	}
	if err := save(base+".end", true); err != nil {
		return 0, err
	}
	if does.Kill != 0 {
		signal.Reset(does.Kill)
		_ = syscall.Kill(os.Getpid(), does.Kill)
		time.Sleep(time.Minute)
		return 0, errors.New("the signal did not end it")
	}
	return does.Exit, nil
}

// nextRecord takes the first free number below prefix.
func nextRecord(prefix string) (n int, base string, err error) {
	for {
		base = fmt.Sprintf("%s-%03d", prefix, n)
		lock, err := os.OpenFile(base+".lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err == nil {
			return n, base, lock.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return 0, "", err
		}
		n++
	}
}

func readBehaviour(file, id string, n int) (behaviour, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return behaviour{}, err
	}
	var table map[string]turns[behaviour]
	err = strict(text, &table)
	return table[id].at(n), err
}

// trap catches signals and writes their names down as they come.
func trap(names []string, base string) error {
	known := map[string]syscall.Signal{
		"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP, "PIPE": syscall.SIGPIPE, "USR1": syscall.SIGUSR1,
	}
	caught := make(chan os.Signal, 16)
	for _, name := range names {
		if known[name] == 0 {
			return errors.New("cannot trap " + name)
		}
		signal.Notify(caught, known[name])
	}
	go func() {
		var list []string
		for s := range caught {
			for name, number := range known {
				if s == number {
					list = append(list, "SIG"+name)
				}
			}
			_ = save(base+".sig", list)
		}
	}()
	return nil
}

// writeRecord writes down how it was started, at once, and what it reads, when
// it has read it.
func writeRecord(args []string, n int, base string, stdin bool) error {
	cwd, err := syscall.Getwd() // not $PWD, as os.Getwd does
	if err != nil {
		return err
	}
	env := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	r := record{ID: args[0], N: n, Argv: args, Cwd: cwd, Env: env}
	if err := save(base+".json", r); err != nil || !stdin {
		return err
	}
	read, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	text := string(read)
	r.Stdin = &text
	return save(base+".json", r)
}

// save writes value into file at once: whoever reads it reads all of it.
func save(file string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".tmp", text, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

func behave(does behaviour) error {
	time.Sleep(seconds(does.Sleep))
	out := does.Out
	if does.JSON != nil {
		text, err := spaced.format(does.JSON)
		if err != nil {
			return err
		}
		out += text
	}
	bytes, err := hex.DecodeString(does.Hex)
	if err != nil {
		return err
	}
	// The reader may have gone; then there is nobody to tell.
	if _, err := os.Stdout.WriteString(out + string(bytes)); err == nil {
		_, _ = os.Stderr.WriteString(does.Err)
	}
	for path, text := range does.Write {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := appendTo(os.Getenv("CLAUDE_ENV_FILE"), does.EnvFile); err != nil {
		return err
	}
	time.Sleep(seconds(does.Sleep2))
	return nil
}

func seconds(n float64) time.Duration {
	return time.Duration(n * float64(time.Second))
}

func appendTo(file, text string) error {
	if file == "" || text == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// readRecords reads what the recorders of a scratch directory have written so far, in
// order of their files' names.
func readRecords(root string) ([]record, error) {
	files, err := filepath.Glob(filepath.Join(root, "rec", "hk-*.json"))
	if err != nil {
		return nil, err
	}
	var all []record
	for _, file := range files {
		var r record
		if err := readJSON(file, &r); err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(file, ".json")
		if err := readJSON(base+".sig", &r.signals); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		_, err := os.Stat(base + ".end")
		r.ended = err == nil
		all = append(all, r)
	}
	return all, nil
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
