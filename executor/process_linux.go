//go:build !ps

package executor

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// marksSeen says that a process can be told by its mark.
const marksSeen = true

// untilEnded waits until the child pid has ended and leaves it a zombie. It
// reports whether it could.
func untilEnded(pid int) bool {
	const byPid = 1 // P_PID
	for {
		_, _, err := syscall.Syscall6(syscall.SYS_WAITID, byPid, uintptr(pid), 0, syscall.WEXITED|syscall.WNOWAIT, 0, 0)
		if err != syscall.EINTR {
			return err == 0
		}
	}
}

// tasks returns the process table, without zombies.
func tasks() ([]task, error) {
	self, err := os.Readlink("/proc/self")
	if err != nil {
		return nil, err
	}
	if self != strconv.Itoa(os.Getpid()) {
		return nil, errors.New("/proc counts processes in another namespace")
	}
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	var all []task
	for _, name := range names {
		pid, notPid := strconv.Atoi(name)
		if notPid != nil {
			continue
		}
		k, alive, err := readTask(pid)
		if err != nil {
			return nil, err
		}
		if alive {
			all = append(all, k)
		}
	}
	return all, err
}

// readTask reads the row of one process; alive is false if there is none, or a
// zombie.
func readTask(pid int) (k task, alive bool, err error) {
	text, err := readStat(pid)
	// The second field is the program's name in parentheses, with anything in it.
	field := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(field) < 20 {
		return task{}, false, err
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(field[i])
		return n
	}
	k = task{pid: pid, parent: number(1), group: number(2), session: number(3), start: int64(number(19))}
	// A process whose first thread has ended is shown as a zombie too.
	zombie := (field[0] == "Z" || field[0] == "X") && number(17) <= 1
	return k, !zombie, err
}

// readStat returns /proc/PID/stat, "" if there is none. It is read for every
// process of the system, so with as few system calls as can be; it is a few
// hundred bytes long.
func readStat(pid int) (string, error) {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return "", shortage(err)
	}
	defer syscall.Close(fd)
	var stat [1024]byte
	n, _ := syscall.Read(fd, stat[:])
	return string(stat[:max(n, 0)]), nil
}

// environOf returns the environment pid was started with, "" if it has none or
// it is not ours to read.
func environOf(pid int) (string, error) {
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return string(environ), shortage(err)
}

// shortage returns err if it says nothing of the process that was to be looked
// at, but that this program is short of something. Other errors mean that the
// process has gone or is another user's.
func shortage(err error) error {
	for _, lack := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, lack) {
			return err
		}
	}
	return nil
}

// alive reports whether k is still there.
func (k task) alive() bool {
	now, alive, err := readTask(k.pid)
	return err == nil && alive && now.start == k.start
}

// signal sends s to k, and to no other process that has got its number since:
// the number is held (by a pidfd) before it is looked at again.
func (k task) signal(s syscall.Signal) {
	p, err := os.FindProcess(k.pid)
	if err != nil {
		return
	}
	defer p.Release()
	if k.alive() {
		_ = p.Signal(s) // what cannot be signalled is found again
	}
}
