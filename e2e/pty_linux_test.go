package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

// terminal starts the client in a pseudo-terminal of 40 lines and 120 columns.
func (l *lab) terminal(args ...string) *process {
	l.Helper()
	client, err := openCode()
	if err != nil {
		l.Fatal(err)
	}
	master, slave, err := openTerminal()
	if err != nil {
		l.Skipf("no pseudo-terminal: %v", err)
	}
	p := &process{cmd: exec.Command(client, args...), stdin: master, ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = l.project, l.environment()
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = slave, slave, slave
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	l.Cleanup(func() { _ = master.Close() })
	p.begin(l.T)
	_ = slave.Close()                         // the client has it
	go func() { _, _ = io.Copy(p, master) }() // ends when the client and the test do
	return p
}

func openTerminal() (master, slave *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	var number uint32
	var locked int32
	size := [4]uint16{40, 120}
	for request, at := range map[uintptr]unsafe.Pointer{
		syscall.TIOCGPTN:   unsafe.Pointer(&number),
		syscall.TIOCSPTLCK: unsafe.Pointer(&locked),
		syscall.TIOCSWINSZ: unsafe.Pointer(&size),
	} {
		if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(at)); no != 0 {
			return nil, nil, no
		}
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	return master, slave, err
}
