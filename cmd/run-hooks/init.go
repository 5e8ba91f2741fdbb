package main

import "context"

func (p *program) install(context.Context) (int, error) { return exitFail, usagef("not built yet") }
