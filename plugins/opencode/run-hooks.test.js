// @ts-check
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import test from "node:test"
import plugin, { guards, modeOf, readOptions, taskResult } from "./run-hooks.js"

const STAND_IN = path.join(import.meta.dirname, "stand-in.js")
const HOME = fs.mkdtempSync(path.join(os.tmpdir(), "run-hooks-plugin-"))
process.env.HOME = HOME
process.env.STAND_IN_LOG = path.join(HOME, "log")
process.env.PATH = `${path.dirname(process.execPath)}:/usr/bin:/bin`
delete process.env.CLAUDE_CONFIG_DIR
test.after(() => fs.rmSync(HOME, { recursive: true, force: true }))

const GUARD = JSON.stringify({ hooks: { PreToolUse: [], UserPromptSubmit: [] } })

/** A project directory with the given files. @param {Record<string, string>} files */
function project(files = {}) {
  const dir = fs.mkdtempSync(path.join(HOME, "project-"))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text)
  }
  return dir
}

/** A host as OpenCode is one, which keeps what it is asked for. */
function host(directory = project()) {
  /** @type {string[]} */
  const asked = []
  const record = (/** @type {string} */ name) => async (/** @type {any} */ a) => {
    asked.push(`${name} ${JSON.stringify(a)}`)
    return { data: undefined }
  }
  const client = {
    app: { log: record("log") },
    tui: { showToast: record("toast") },
    session: {
      get: record("get"),
      abort: record("abort"),
      messages: record("messages"),
      prompt: async (/** @type {any} */ a) => {
        asked.push(`prompt ${JSON.stringify(a)}`)
        return { data: { parts: [{ type: "text", text: `answer ${asked.length}` }] } }
      },
    },
    postSessionIdPermissionsPermissionId: record("reply"),
  }
  return { client, directory, worktree: directory, asked }
}

/** @param {any} given @param {object} [options] @returns {Promise<any>} */
async function start(given, options) {
  const hooks = await plugin.server(given, { path: STAND_IN, logLevel: "debug", ...options })
  test.after(() => hooks.dispose?.())
  return hooks
}

/** Makes one tool call's first hook run. @param {any} hooks @param {string} tool @param {object} [more] of the input */
async function before(hooks, tool, more, callID = "c1") {
  const output = { args: { command: "ls", more: 1 } }
  await hooks["tool.execute.before"]({ tool, sessionID: "s", callID, ...more }, output)
  return output
}

const log = () => fs.readFileSync(process.env.STAND_IN_LOG ?? "", "utf8")

test("an answer that asks for nothing changes nothing", async () => {
  const hooks = await start(host())
  assert.deepEqual(await before(hooks, "x"), { args: { command: "ls", more: 1 } })
})

test("throw is the error's message", async () => {
  const hooks = await start(host())
  await assert.rejects(before(hooks, "x", { answer: { throw: "no" } }), { message: "no" })
})

test("args are replaced in the same object", async () => {
  const hooks = await start(host())
  const args = { command: "ls", more: 1 }
  const output = { args }
  await hooks["tool.execute.before"](
    { tool: "x", sessionID: "s", callID: "c", answer: { args: { command: "pwd" } } },
    output,
  )
  assert.equal(output.args, args)
  assert.deepEqual(args, { command: "pwd" })
})

test("what a call carries is added to its result, before what the result gets itself", async () => {
  const hooks = await start(host())
  await before(hooks, "x", { answer: { carry: ["one"] } })
  const output = { title: "", output: "result", metadata: {} }
  await hooks["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c1", answer: { append: ["two"] } }, output)
  assert.equal(output.output, "result\n\none\n\ntwo")
  const again = { title: "", output: "result", metadata: {} }
  await hooks["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c1" }, again)
  assert.equal(again.output, "result")
})

test("a result is replaced, an MCP result by its contents", async () => {
  const hooks = await start(host())
  const input = { tool: "x", sessionID: "s", callID: "c" }
  const output = { output: "secret" }
  await hooks["tool.execute.after"]({ ...input, answer: { output: "hidden", append: ["a"] } }, output)
  assert.equal(output.output, "hidden\n\na")
  const mcp = { content: [{ type: "text", text: "secret" }], structuredContent: { a: "secret" } }
  await hooks["tool.execute.after"]({ ...input, answer: { content: [], append: ["a"] } }, mcp)
  assert.deepEqual(mcp, { content: [{ type: "text", text: "a" }] })
})

test("what a failed call carries is added to every request", async () => {
  const hooks = await start(host())
  await before(hooks, "x", { answer: { carry: ["why"] } })
  const part = () => ({ type: "tool", sessionID: "s", callID: "c1", state: { status: "error", error: "broke" } })
  await hooks.event({ event: { type: "message.part.updated", properties: { part: part() } } })
  for (const round of [1, 2]) {
    const failed = part()
    const messages = [{ info: {}, parts: [failed, { type: "text", text: "t" }] }]
    await hooks["experimental.chat.messages.transform"]({}, { messages })
    assert.equal(failed.state.error, "broke\n\nwhy", `round ${round}`)
  }
})

/** @param {any} hooks @param {object} answer */
async function prompt(hooks, answer) {
  const message = { id: "msg_1", sessionID: "s", agent: "build", model: { providerID: "p", modelID: "m" } }
  const output = {
    message,
    parts: [
      { id: "prt_5", type: "text", text: "hello" },
      { id: "prt_10", type: "text" },
    ],
  }
  await hooks["chat.message"]({ sessionID: "s", answer }, output)
  return output.parts
}

test("parts have ids behind the others and are marked", async () => {
  const hooks = await start(host())
  const parts = await prompt(hooks, { parts: ["one", "two"] })
  const ids = parts.map((p) => p.id)
  assert.deepEqual(ids.slice(2), ids.slice(2).sort())
  assert.ok(ids.slice(2).every((id) => id.startsWith("prt") && id > "prt_5"))
  assert.deepEqual(parts[2], {
    id: ids[2],
    sessionID: "s",
    messageID: "msg_1",
    type: "text",
    text: "one",
    synthetic: true,
    metadata: { runHooks: "context" },
  })
})

test("what a refused prompt carries comes with the next", async () => {
  const hooks = await start(host())
  await assert.rejects(prompt(hooks, { throw: "no", carry: ["start"] }), { message: "no" })
  const parts = await prompt(hooks, { parts: ["own"] })
  assert.deepEqual(
    parts.slice(2).map((p) => p.text),
    ["start", "own"],
  )
  assert.equal((await prompt(hooks, {})).length, 2)
})

test("50 calls at once: each has its own answer, from one process", async () => {
  const hooks = await start(host())
  const starts = log().split("start serve").length
  const calls = Array.from({ length: 50 }, (_, i) =>
    before(hooks, "x", { delay: 50 - i, answer: { args: { i } } }, `c${i}`),
  )
  const outputs = await Promise.all(calls)
  assert.deepEqual(
    outputs.map((o) => o.args),
    calls.map((_, i) => ({ i })),
  )
  assert.ok(log().split("start serve").length - starts <= 1)
})

test("a resident that dies in the middle: nothing is lost, and another is started", async () => {
  const given = host()
  const hooks = await start(given)
  const slow = [1, 2, 3].map((i) => before(hooks, "x", { delay: 200, answer: { args: { i } } }, `c${i}`))
  const last = before(hooks, "die", { answer: { args: { i: 4 } } }, "c4")
  const outputs = await Promise.all([...slow, last])
  assert.deepEqual(
    outputs.map((o) => o.args),
    [{ i: 1 }, { i: 2 }, { i: 3 }, { i: 4 }],
  )
  const starts = log().split("start serve").length
  await before(hooks, "x", {}, "c5")
  assert.equal(log().split("start serve").length, starts + 1)
})

test("a resident out of step is replaced", async () => {
  const hooks = await start(host())
  assert.deepEqual((await before(hooks, "garbage", { answer: { args: { a: 1 } } })).args, { a: 1 })
})

test("a large request, and letters of several bytes", async () => {
  const hooks = await start(host())
  const text = "ä→😀".repeat(100_000)
  assert.deepEqual((await before(hooks, "x", { answer: { args: { text } } })).args, { text })
})

for (const tool of ["die always", "garbage always"]) {
  test(`${tool}: closed where there are hooks, and only there`, async () => {
    const guarded = await start(host(project({ ".claude/settings.json": GUARD })))
    await assert.rejects(before(guarded, tool), /^Error: Refused: the hooks of .*settings.json could not check this/)
    const free = await start(host())
    assert.deepEqual((await before(free, tool)).args, { command: "ls", more: 1 })
    const open = await start(host(project({ ".claude/settings.json": GUARD })), { failMode: "open" })
    assert.deepEqual((await before(open, tool)).args, { command: "ls", more: 1 })
  })
}

test("no answer in time is no leave", async () => {
  const hooks = await start(host(project({ ".claude/settings.json": GUARD })), { timeoutMs: 1000 })
  await assert.rejects(before(hooks, "silence"), /no answer in 1000 ms/)
})

test("a program that is not there: calls and prompts are refused, with what mends it", async () => {
  const given = host(project({ ".claude/settings.json": GUARD }))
  const hooks = await start(given, { path: "/nowhere/run-hooks" })
  for (const call of [before(hooks, "x"), prompt(hooks, {})])
    await assert.rejects(call, /not found \(looked at: \/nowhere\/run-hooks\).*install run-hooks.*"failMode": "open"/)
  await hooks["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c" }, { output: "o" })
})

test("fail-open is passed on", async () => {
  const hooks = await start(host(), { failMode: "open" })
  await before(hooks, "x")
  assert.match(log(), /start serve opencode --fail-open\n/)
})

test("continue:false ends the turn after the call, or with its refusal", async () => {
  const given = host()
  const hooks = await start(given)
  const aborts = () => given.asked.filter((a) => a.startsWith("abort"))
  await before(hooks, "x", { answer: { abort: "enough" } })
  assert.deepEqual(aborts(), [])
  await hooks["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c1" }, { output: "" })
  assert.deepEqual(aborts(), ['abort {"path":{"id":"s"}}'])
  await assert.rejects(before(hooks, "x", { answer: { abort: "enough", throw: "no" } }), { message: "no" })
  assert.equal(aborts().length, 2)
})

test("two copies: hooks run once", async () => {
  const given = host()
  const copies = [await start(given), await start(given)]
  const output = { args: {} }
  const asked = () => log().split("tool.execute.before twice").length - 1
  for (const hooks of copies) await hooks["tool.execute.before"]({ tool: "twice", sessionID: "s", callID: "c" }, output)
  assert.equal(asked(), 1)
  await copies[1]["tool.execute.before"]({ tool: "twice", sessionID: "s", callID: "c" }, { args: {} })
  assert.equal(asked(), 2)
})

test("the start of a session is due once, and says why", async () => {
  const given = host()
  const file = path.join(HOME, "requests")
  const hooks = await start(given, { path: recorder(file) })
  const sources = () =>
    fs.readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line))
      .filter((r) => r.event === "chat.message").map((r) => r.state.source ?? "-") // prettier-ignore
  const created = (/** @type {object} */ info) =>
    hooks.event({ event: { type: "session.created", properties: { info } } })
  const say = (/** @type {string} */ sessionID) =>
    hooks["chat.message"]({ sessionID }, { message: { id: "m", agent: "a", model: {} }, parts: [] })
  await created({ id: "new", title: "New session" })
  await created({ id: "fork", title: "Old one (fork #2)" })
  await created({ id: "child", title: "x", parentID: "new" })
  for (const id of ["new", "new", "old", "old", "fork", "child"]) await say(id)
  assert.deepEqual(sources(), ["startup", "-", "resume", "-", "fork", "-"])
})

/** A program that keeps what it is asked, and answers {}. @param {string} file */
function recorder(file) {
  const script = path.join(HOME, "recorder")
  fs.writeFileSync(script, `#!/bin/sh\nwhile IFS= read -r line; do printf '%s\\n' "$line" >> '${file}'
id=$(printf '%s' "$line" | sed 's/^{"id":\\([0-9]*\\).*/\\1/'); echo "{\\"id\\":$id}"; done\n`) // prettier-ignore
  fs.chmodSync(script, 0o755)
  return script
}

/** @param {any} hooks @param {string} type @param {object} properties */
const happens = (hooks, type, properties) => hooks.event({ event: { type, properties } })

/** Waits until something is so that is not announced. @param {() => boolean} is */
async function until(is) {
  for (const begun = Date.now(); !is(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() - begun > 60_000) throw new Error("waited in vain")
}

/** One turn of the model, as OpenCode tells it. @param {any} hooks @param {string} sessionID @param {object} [info] */
async function turn(hooks, sessionID, info) {
  await happens(hooks, "message.updated", { info: { id: "msg_2", role: "assistant", sessionID, ...info } })
  const part = { sessionID, messageID: "msg_2" }
  await happens(hooks, "message.part.updated", {
    part: { ...part, id: "p1", type: "text", text: "said", time: { end: 1 } },
  })
  await happens(hooks, "message.part.updated", { part: { ...part, id: "p2", type: "step-finish", reason: "stop" } })
  await happens(hooks, "session.idle", { sessionID })
}

test("a turn's end is told once, not of a summary, a sub-agent or an error", async () => {
  const file = path.join(HOME, "turns")
  const hooks = await start(host(), { path: recorder(file) })
  await happens(hooks, "session.created", { info: { id: "s", title: "" } })
  await happens(hooks, "session.created", { info: { id: "child", title: "", parentID: "s" } })
  await turn(hooks, "s")
  await happens(hooks, "session.idle", { sessionID: "s" })
  await turn(hooks, "s", { summary: true })
  await turn(hooks, "child")
  await happens(hooks, "session.error", { sessionID: "s", error: { name: "MessageAbortedError" } })
  await happens(hooks, "session.idle", { sessionID: "s" })
  await hooks.dispose()
  const asked = fs.readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) // prettier-ignore
  const idle = asked.filter((r) => r.event === "session.idle")
  assert.deepEqual(
    idle.map((r) => [r.session, r.state.stop]),
    [["s", { count: 0, last: "said" }]],
  )
})

test("a continuation is marked as ours", async () => {
  const given = host()
  const hooks = await start(given, { path: answers({ prompt: "go on" }) })
  await happens(hooks, "session.created", { info: { id: "s", title: "" } })
  await turn(hooks, "s")
  await until(() => given.asked.some((a) => a.startsWith("prompt")))
  const part = { type: "text", text: "go on", metadata: { runHooks: "prompt" } }
  assert.ok(given.asked.includes(`prompt ${JSON.stringify({ path: { id: "s" }, body: { parts: [part] } })}`))
})

/** A program that gives one answer to everything. @param {object} answer */
function answers(answer) {
  const script = path.join(fs.mkdtempSync(path.join(HOME, "answers-")), "run-hooks")
  const members = JSON.stringify(answer).slice(1)
  fs.writeFileSync(script, `#!/bin/sh\nwhile IFS= read -r line; do
id=$(printf '%s' "$line" | sed -n 's/^{"id":\\([0-9]*\\).*/\\1/p'); [ -z "$id" ] || printf '%s\\n' '{"id":'$id',${members}'; done\n`) // prettier-ignore
  fs.chmodSync(script, 0o755)
  return script
}

test("a call that was allowed is not asked about again", async () => {
  const given = host()
  const hooks = await start(given)
  await before(hooks, "x", { answer: { allow: true } })
  await happens(hooks, "permission.asked", { id: "per", sessionID: "s", permission: "bash", tool: { callID: "c1" } })
  assert.ok(given.asked.includes('reply {"path":{"id":"s","permissionID":"per"},"body":{"response":"once"}}'))
  assert.doesNotMatch(log(), /permission.asked/)
})

test("what another plugin makes of an input that was checked is told", async () => {
  const given = host()
  const hooks = await start(given)
  const ended = (/** @type {object} */ args) =>
    hooks["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c1", args }, { output: "" })
  const same = await before(hooks, "x", { answer: { args: { command: "pwd" } } })
  await ended(same.args)
  assert.doesNotMatch(given.asked.join("\n"), /another plugin/)
  const changed = await before(hooks, "x", {})
  changed.args.command = "rm"
  await ended(changed.args)
  assert.match(given.asked.join("\n"), /another plugin has changed the input of x after the hooks had checked it/)
})

test("what is allowed to one of two calls of the same id is not to the other", async () => {
  const given = host()
  const hooks = await start(given)
  await before(hooks, "x", { answer: { allow: true } })
  await before(hooks, "x", {})
  await before(hooks, "x", { answer: { allow: true } })
  await happens(hooks, "permission.asked", { id: "per", sessionID: "s", permission: "bash", tool: { callID: "c1" } })
  assert.doesNotMatch(given.asked.join("\n"), /^reply /m)
})

test("a sub-agent that is sent back to work answers anew, and then has ended", async () => {
  const given = host()
  const script = answers({ prompt: "louder" })
  const hooks = await start(given, { path: script })
  const output = { title: "", metadata: { sessionId: "child" }, output: "<task>\n<task_result>\nquiet\n</task_result>" }
  const { prompt } = given.client.session
  let left = 2
  given.client.session.prompt = async (a) => {
    if (--left === 0) {
      fs.copyFileSync(answers({}), script)
      await hooks.dispose() // the next request finds a program that lets it end
    }
    return prompt(a)
  }
  await hooks["tool.execute.after"]({ tool: "task", sessionID: "s", callID: "c", args: {} }, output)
  assert.match(output.output, /^<task>\n<task_result>\nanswer \d+\n<\/task_result>$/)
  assert.equal(given.asked.filter((a) => a.startsWith("prompt")).length, 2)
})

test("the parts of a task's result", () => {
  const all = "<task>\n<task_result>\nthe\nanswer\n</task_result>\n</task>"
  assert.deepEqual(taskResult(all), ["<task>\n<task_result>\n", "the\nanswer", "\n</task_result>\n</task>"])
  assert.deepEqual(taskResult("other"), ["", "other", ""])
})

test("the mode is what OpenCode was started for, not what its user said", () => {
  const argv = (/** @type {string[]} */ ...words) => ["bun", "opencode", ...words]
  assert.equal(modeOf(argv("--print-logs", "run", "serve")), "run")
  assert.equal(modeOf(argv("acp")), "acp")
  assert.equal(modeOf(argv("--prompt", "run")), "tui")
})

test("two projects in one process are apart", async () => {
  const [a, b] = [await start(host()), await start(host())]
  await before(a, "x", { answer: { carry: ["of a"] } })
  const output = { title: "", output: "result", metadata: {} }
  await b["tool.execute.after"]({ tool: "x", sessionID: "s", callID: "c1" }, output)
  assert.equal(output.output, "result")
})

test("what hooks have exported is set for the shell", async () => {
  const hooks = await start(host(), { path: answers({ env: { A: "b" } }) })
  const output = { env: { B: "c" } }
  await hooks["shell.env"]({ cwd: "/", sessionID: "s" }, output)
  assert.deepEqual(output.env, { A: "b", B: "c" })
})

test("options that are wrong are told and left out", () => {
  const dir = project({ ".opencode/run-hooks.json": '{"failMode":"ajar","logLevel":"info","more":1}' })
  const { options, faults } = readOptions({ timeoutMs: 5, path: "bin/x", toasts: false }, [dir])
  assert.deepEqual(options, {
    enabled: true,
    path: "",
    timeoutMs: 660_000,
    failMode: "closed",
    idleMs: 60_000,
    logLevel: "info",
    toasts: false,
  })
  assert.equal(faults.length, 4)
  assert.match(faults[0], /run-hooks.json: "failMode" must be "closed" or "open"/)
  assert.match(readOptions(undefined, [project({ ".opencode/run-hooks.json": "{" })]).faults[0], /run-hooks.json: /)
  assert.match(readOptions([], []).faults[0], /not an object/)
})

test("switched off: no hooks, but a word", async () => {
  const given = host()
  assert.deepEqual(await start(given, { enabled: false }), {})
  await new Promise(setImmediate)
  assert.match(given.asked.join("\n"), /switched off/)
})

test("hook configs are looked for from the directory up to the worktree", () => {
  const dir = project({ ".claude/settings.json": GUARD, "sub/deep/x": "" })
  assert.deepEqual(guards(path.join(dir, "sub/deep"), dir, "hooks"), [path.join(dir, ".claude/settings.json")])
  assert.deepEqual(guards(path.join(dir, "sub/deep"), path.join(dir, "sub"), "hooks"), [])
  assert.deepEqual(guards(project({ ".claude/settings.json": "{}" }), "/", "hooks"), [])
  const utf16 = project()
  fs.mkdirSync(path.join(utf16, ".claude"))
  fs.writeFileSync(path.join(utf16, ".claude/settings.json"), Buffer.from("\ufeff" + GUARD, "utf16le"))
  assert.equal(guards(utf16, utf16, "UserPromptSubmit").length, 1)
  const unreadable = project()
  fs.mkdirSync(path.join(unreadable, ".claude/settings.json"), { recursive: true })
  assert.equal(guards(unreadable, unreadable, "hooks").length, 1)
})

test("sessions of OpenCode 2's kind, which are not bridged, have no tools", async () => {
  const build = { id: "build", system: "be good", permissions: [{ action: "*", resource: "*", effect: "allow" }] }
  const agents = { list: () => [build], update: (/** @type {string} */ _, /** @type {any} */ f) => f(build) }
  /** @type {any[]} */
  const transforms = []
  const agent = {
    transform: async (/** @type {any} */ f) => transforms.push(f),
    reload: async () => transforms.at(-1)(agents),
  }
  await plugin.setup({ options: { failMode: "open" }, agent })
  assert.equal(transforms.length, 0)
  await plugin.setup({ options: {}, agent })
  assert.deepEqual(build.permissions.at(-1), { action: "*", resource: "*", effect: "deny" })
  assert.match(build.system, /^be good\n\nrun-hooks: hooks cannot check/)
  for (const [directory, refused] of /** @type {[string, boolean][]} */ ([
    [project(), false],
    [project({ ".claude/settings.json": GUARD }), true],
  ])) {
    /** @type {any[]} */
    const hooked = []
    const tool = { hook: async (/** @type {string} */ name, /** @type {any} */ f) => hooked.push([name, f]) }
    await plugin.setup({ options: {}, agent, tool, location: { directory } })
    assert.equal(hooked.length, refused ? 1 : 0)
    if (refused) assert.throws(hooked[0][1], /hooks cannot check/)
  }
})

test("the server of an MCP tool is one of those that are connected", async () => {
  /** @type {Record<string, { status: string }>} */
  const status = {
    git: { status: "connected" },
    git_hub: { status: "disabled" },
    "an editor's": { status: "connected" },
  }
  const given = host()
  const mcp = { status: async () => ({ data: status }) }
  const hooks = await start({ ...given, client: { ...given.client, mcp } })
  const config = { mcp: /** @type {any} */ ({ git: {}, git_hub: {} }) }
  await hooks.config(config)
  config.mcp.late = {}
  const names = async (/** @type {string} */ tool) => {
    const output = { args: {} }
    await hooks["tool.execute.before"]({ tool, sessionID: "s", callID: tool, echo: "state" }, output)
    return /** @type {any} */ (output.args).mcp
  }
  assert.deepEqual(await names("git_hub_push"), ["git", "an editor's"])
  assert.deepEqual(await names("an_editor_s_look"), ["git", "an editor's"])
  assert.deepEqual(await names("late_look"), ["git", "git_hub", "late", "an editor's"])
  assert.deepEqual(await names("bash"), ["git", "git_hub", "late"])
  mcp.status = async () => Promise.reject(new Error("no"))
  assert.deepEqual(await names("git_hub_push"), ["git", "git_hub", "late"])
})

test("an answer that is none refuses: nothing, no object, an internal error", async () => {
  const dir = project({ ".claude/settings.json": GUARD })
  const hooks = await start(host(dir))
  const before = hooks["tool.execute.before"]
  for (const [tool, answer] of [
    ["quits", {}],
    ["no object", {}],
    ["x", { exit: 3 }],
  ]) {
    await assert.rejects(before({ tool, sessionID: "s", callID: tool, answer }, { args: {} }), /Refused: .*no answer/)
  }
})

test("nothing is written to stdout, and the process can end", () => {
  const script = `
    import plugin from ${JSON.stringify(path.join(import.meta.dirname, "run-hooks.js"))}
    const quiet = async () => ({})
    const client = { app: { log: quiet }, tui: { showToast: quiet }, session: { get: quiet, abort: quiet } }
    const hooks = await plugin.server({ client, directory: "/", worktree: "/" }, { path: ${JSON.stringify(STAND_IN)} })
    await hooks["tool.execute.before"]({ tool: "x", sessionID: "s", callID: "c" }, { args: {} })`
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 60_000 })
  assert.equal(String(out), "")
})
