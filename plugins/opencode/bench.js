#!/usr/bin/env node
// How long a tool call waits for its PreToolUse hooks: through this plugin and
// run-hooks, and beside it the plugin-only way, where JavaScript spawns each hook
// itself (and does nothing of what run-hooks does besides: no config is read, no
// answer is understood).
//
//   node plugins/opencode/bench.js [path of run-hooks]
import { execFileSync, spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import plugin from "./run-hooks.js"

const ROUNDS = 200
const COMMAND = "cat > /dev/null"

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "run-hooks-bench-"))
process.on("exit", () => fs.rmSync(dir, { recursive: true, force: true }))
process.env.HOME = dir
process.env.RUN_HOOKS_TRUST = "all"
const program = process.argv[2] ? path.resolve(process.argv[2]) : built()

function built() {
  const file = path.join(dir, "run-hooks")
  const env = { ...process.env, HOME: os.userInfo().homedir }
  execFileSync("go", ["build", "-o", file, "../../cmd/run-hooks"], { cwd: import.meta.dirname, stdio: "inherit", env })
  return file
}

/** A project with hooks for Bash, and one that does not match. @param {number} hooks */
function project(hooks) {
  const at = path.join(dir, `with-${hooks}`)
  const command = (/** @type {number} */ n) => ({ type: "command", command: `${COMMAND} # ${n}` })
  const matching = { matcher: "Bash", hooks: Array.from({ length: hooks }, (_, n) => command(n)) }
  const other = { matcher: "Write", hooks: [command(-1)] }
  fs.mkdirSync(path.join(at, ".claude"), { recursive: true })
  const PreToolUse = hooks ? [other, matching] : [other]
  fs.writeFileSync(path.join(at, ".claude/settings.json"), JSON.stringify({ hooks: { PreToolUse } }))
  return at
}

/** @param {string} directory */
async function host(directory) {
  const quiet = async () => ({})
  const client = { app: { log: quiet }, tui: { showToast: quiet }, session: { get: quiet } }
  return plugin.server(/** @type {any} */ ({ client, directory, worktree: directory }), { path: program })
}

/** The plugin-only way. @param {number} hooks @param {string} cwd */
async function direct(hooks, cwd) {
  const one = () =>
    new Promise((resolve, reject) => {
      const child = spawn("/bin/sh", ["-c", COMMAND], { cwd, stdio: ["pipe", "pipe", "pipe"] })
      child.on("error", reject).on("close", resolve)
      child.stdin.end(
        JSON.stringify({ hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } }),
      )
    })
  await Promise.all(Array.from({ length: hooks }, one))
}

/** @param {number[]} times */
function told(times) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (/** @type {number} */ share) => sorted[Math.floor(sorted.length * share)].toFixed(2).padStart(7)
  return `${at(0.5)} ms  ${at(0.9)} ms`
}

process.stdout.write(`${ROUNDS} calls each       median         90 %\n`)
for (const hooks of [0, 1, 10]) {
  const cwd = project(hooks)
  const opencode = await host(cwd)
  /** @type {Record<string, number[]>} */
  const times = { "run-hooks": [], "plugin-only": [] }
  for (let i = -5; i < ROUNDS; i++) {
    const call = () =>
      opencode["tool.execute.before"]?.({ tool: "bash", sessionID: "s", callID: `c${i}` }, { args: { command: "ls" } })
    for (const [way, go] of /** @type {[string, () => unknown][]} */ ([
      ["run-hooks", call],
      ["plugin-only", () => direct(hooks, cwd)],
    ])) {
      const begun = performance.now()
      await go()
      if (i >= 0) times[way].push(performance.now() - begun) // the first few warm up
    }
  }
  await opencode.dispose?.()
  for (const [way, all] of Object.entries(times))
    process.stdout.write(`${String(hooks).padStart(2)} hooks  ${way.padEnd(12)} ${told(all)}\n`)
}
