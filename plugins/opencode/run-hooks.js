// @ts-check
// The run-hooks plugin for OpenCode 1.x: runs the hooks of .claude/settings.json
// (and the other places run-hooks reads) under OpenCode.
//
// It moves bytes, keeps what OpenCode does not keep, and does what it is told.
// What hooks say, and what that means here, is decided by the program run-hooks:
// one resident child, one JSON object a line. Requests and answers are described
// in mapper/opencode.go of github.com/run-hooks/run-hooks.
import { spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"

/**
 * @typedef {import("@opencode-ai/plugin").PluginInput} Host
 * @typedef {import("@opencode-ai/plugin").Hooks} Hooks
 * @typedef {Parameters<NonNullable<Hooks["tool.execute.before"]>>} Before
 * @typedef {Parameters<NonNullable<Hooks["tool.execute.after"]>>} After
 * @typedef {Parameters<NonNullable<Hooks["chat.message"]>>} Message
 * @typedef {Parameters<NonNullable<Hooks["experimental.chat.messages.transform"]>>[1]} Conversation
 * @typedef {import("@opencode-ai/sdk").Session} Session
 * @typedef {import("@opencode-ai/sdk").Event} Event
 * @typedef {{ variant: "info" | "success" | "warning" | "error", message: string }} Notice
 * @typedef {{
 *   log?: string[], tell?: Notice[], args?: Record<string, unknown>, allow?: boolean,
 *   output?: string, content?: unknown[], carry?: string[], append?: string[], parts?: string[],
 *   abort?: string, throw?: string,
 *   hooks?: number, problems?: string[], trusted?: boolean, version?: string, project?: string,
 * }} Answer
 * @typedef {{ enabled: boolean, path: string, timeoutMs: number, failMode: "closed" | "open",
 *   logLevel: "debug" | "info" | "warn" | "error" | "off", toasts: boolean }} Options
 * @typedef {import("node:child_process").ChildProcessWithoutNullStreams} Child
 * @typedef {{ done: (answer: Answer) => void, failed: (e: Error) => void }} Waiting
 * @typedef {{ carry: string[], abort?: string, made: number }} Call what is kept of a call between its two hooks
 */

const ID = "run-hooks"

/** Where `run-hooks init` found the program; "" in a copy that others share. @type {string} */
const INSTALLED = ""

/** A refusal: its message is all that the model, or the user, gets to read. */
class Refusal extends Error {}

/** Why run-hooks could not do its work. */
class Trouble extends Error {}

// --- options -----------------------------------------------------------------

const LEVELS = /** @type {const} */ (["debug", "info", "warn", "error", "off"])

/** @type {Options} */
const DEFAULTS = { enabled: true, path: "", timeoutMs: 660_000, failMode: "closed", logLevel: "warn", toasts: true }

/** @type {Record<keyof Options, [check: (v: any) => boolean, wanted: string]>} */
const RULES = {
  enabled: [(v) => typeof v === "boolean", "true or false"],
  path: [(v) => typeof v === "string" && path.isAbsolute(v), "an absolute path"],
  timeoutMs: [(v) => Number.isFinite(v) && v >= 1000, "a number of milliseconds, 1000 or more"],
  failMode: [(v) => v === "closed" || v === "open", '"closed" or "open"'],
  logLevel: [(v) => LEVELS.includes(v), LEVELS.join(", ")],
  toasts: [(v) => typeof v === "boolean", "true or false"],
}

/**
 * Options from .opencode/run-hooks.json of the worktree and the directory, then
 * those of the plugin entry in opencode.json. What is wrong is told and left out.
 * @param {unknown} entry @param {string[]} directories
 * @returns {{ options: Options, faults: string[] }}
 */
export function readOptions(entry, directories) {
  const options = { ...DEFAULTS }
  /** @type {string[]} */
  const faults = []
  const take = (/** @type {unknown} */ given, /** @type {string} */ where) => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      faults.push(`${where}: the options are not an object`)
      return
    }
    for (const [name, value] of Object.entries(given)) {
      const rule = RULES[/** @type {keyof Options} */ (name)]
      if (!rule) faults.push(`${where}: there is no option "${name}"; there are ${Object.keys(RULES).join(", ")}`)
      else if (!rule[0](value)) faults.push(`${where}: "${name}" must be ${rule[1]}`)
      else Object.assign(options, { [name]: value })
    }
  }
  for (const directory of directories) {
    const file = path.join(directory, ".opencode", "run-hooks.json")
    try {
      take(JSON.parse(fs.readFileSync(file, "utf8")), file)
    } catch (e) {
      if (code(e) !== "ENOENT" && code(e) !== "ENOTDIR") faults.push(`${file}: ${text(e)}`)
    }
  }
  if (entry !== undefined) take(entry, "options of the run-hooks plugin")
  return { options, faults }
}

// --- the program ---------------------------------------------------------------

/**
 * The program, or the places where it is not.
 * @param {Options} options @returns {{ file?: string, tried: string[] }}
 */
function program(options) {
  if (options.path) return executable(options.path) ? { file: options.path, tried: [] } : { tried: [options.path] }
  const tried = INSTALLED ? [INSTALLED] : []
  for (const dir of (process.env.PATH ?? "").split(path.delimiter)) if (dir) tried.push(path.join(dir, ID))
  const file = tried.find(executable)
  return file ? { file, tried } : { tried: [...(INSTALLED ? [INSTALLED] : []), "PATH"] }
}

/** @param {string} file */
function executable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

/**
 * Hook configs that are in force here, or may be: files that cannot be read
 * count. word is what such a file contains; the program knows better, but this is
 * asked when there is no program.
 * @param {string} directory @param {string} worktree @param {string} word
 */
export function guards(directory, worktree, word) {
  const home = process.env.CLAUDE_CONFIG_DIR || path.join(os.homedir(), ".claude")
  const managed = process.platform === "darwin" ? "/Library/Application Support/ClaudeCode" : "/etc/claude-code"
  const files = [path.join(home, "settings.json"), path.join(managed, "managed-settings.json")]
  files.push(...list(path.join(managed, "managed-settings.d")))
  for (let dir = directory; ; dir = path.dirname(dir)) {
    for (const name of [".claude/settings.json", ".claude/settings.local.json", ".opencode/hooks.json"])
      files.push(path.join(dir, name))
    for (const name of [".codex/hooks.json", ".codex/config.toml"]) files.push(path.join(dir, name))
    if (dir === worktree || dir === path.dirname(dir)) break
  }
  return files.filter((file) => {
    try {
      const said = fs.readFileSync(file, "utf8").replaceAll("\0", "")
      return said.includes(word) || said.includes("enabledPlugins")
    } catch (e) {
      return code(e) !== "ENOENT" && code(e) !== "ENOTDIR"
    }
  })
}

/** @param {string} dir */
function list(dir) {
  try {
    return fs.readdirSync(dir).map((name) => path.join(dir, name))
  } catch {
    return []
  }
}

/**
 * `run-hooks serve opencode`, started when it is first needed and again when it
 * has died. A request that it leaves unanswered is asked of a process of its own.
 */
export class Program {
  /** @type {{ child: Child, waiting: Map<number, Waiting> } | undefined} */
  #serve
  #last = 0

  /** @param {Options} options @param {string} directory @param {(line: string) => void} said takes what it writes to stderr */
  constructor(options, directory, said) {
    this.options = options
    this.directory = directory
    this.said = said
  }

  /** @param {object} request @returns {Promise<Answer>} */
  async ask(request) {
    const found = program(this.options)
    if (!found.file) throw new Trouble(`the program run-hooks was not found (looked at: ${found.tried.join(", ")})`)
    try {
      return await this.#resident(found.file, request)
    } catch (e) {
      if (e instanceof Trouble) throw e
      return await this.#alone(found.file, request)
    }
  }

  /** Ends the child; it leaves when its input ends. */
  async end() {
    const child = this.#serve?.child
    this.#serve = undefined
    if (child) await stop(child)
  }

  /** @param {string} file @param {object} request @returns {Promise<Answer>} */
  #resident(file, request) {
    const { child, waiting } = (this.#serve ??= this.#start(file))
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Trouble(`run-hooks gave no answer in ${this.options.timeoutMs} ms`))
        stop(child)
      }, this.options.timeoutMs)
      const settle = (/** @type {() => void} */ f) => (clearTimeout(timer), waiting.delete(id), f())
      waiting.set(id, {
        done: (answer) => settle(() => resolve(answer)),
        failed: (e) => settle(() => reject(e)),
      })
      child.stdin.write(JSON.stringify({ id, ...request }) + "\n")
    })
  }

  /** @param {string} file */
  #start(file) {
    const child = this.#spawn(file, "serve")
    /** @type {Map<number, Waiting>} */
    const waiting = new Map()
    const serve = { child, waiting }
    const gone = (/** @type {Error} */ e) => {
      if (this.#serve === serve) this.#serve = undefined
      for (const request of [...waiting.values()]) request.failed(e)
    }
    child.on("error", gone)
    child.on("close", () => gone(new Error("run-hooks serve has ended")))
    lines(child.stdout, (line) => {
      try {
        const answer = JSON.parse(line)
        waiting.get(answer.id)?.done(answer)
      } catch {
        child.kill("SIGKILL") // out of step: nothing it says can be assigned any more
      }
    })
    // Neither the child nor its pipes keep OpenCode from ending.
    for (const part of /** @type {any[]} */ ([child, child.stdin, child.stdout, child.stderr])) part.unref?.()
    return serve
  }

  /** @param {string} file @param {object} request @returns {Promise<Answer>} */
  #alone(file, request) {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(file, "bridge")
      let out = ""
      const timer = setTimeout(() => stop(child), this.options.timeoutMs)
      child.stdout.setEncoding("utf8").on("data", (piece) => (out += piece))
      child.on("error", (e) => reject(new Trouble(`run-hooks could not be started: ${text(e)}`)))
      child.on("close", (status, signal) => {
        clearTimeout(timer)
        try {
          resolve(status === 0 && out.trim() === "" ? {} : JSON.parse(out))
        } catch {
          reject(new Trouble(`run-hooks ended with ${signal ?? `status ${status}`} and no answer`))
        }
      })
      child.stdin.end(JSON.stringify(request) + "\n")
    })
  }

  /**
   * A process in a session of its own, so that a ctrl+c meant for OpenCode does not end it.
   * @param {string} file @param {"serve" | "bridge"} verb
   */
  #spawn(file, verb) {
    const cwd = fs.existsSync(this.directory) ? this.directory : "/"
    const open = this.options.failMode === "open" ? ["--fail-open"] : []
    const child = spawn(file, [verb, "opencode", ...open], { cwd, detached: true, stdio: "pipe" })
    child.stdin.on("error", () => {}) // it has ended; "close" says so
    lines(child.stderr, this.said)
    return child
  }
}

/** Ends a child by the end of its input; by force, if that takes it two seconds. @param {Child} child */
function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined)
    const timer = setTimeout(() => child.kill("SIGKILL"), 2000)
    child.once("close", () => (clearTimeout(timer), resolve(undefined)))
    child.stdin.end()
  })
}

/** @param {import("node:stream").Readable} stream @param {(line: string) => void} each */
function lines(stream, each) {
  let rest = ""
  stream.setEncoding("utf8").on("data", (piece) => {
    const all = (rest + piece).split("\n")
    rest = all.pop() ?? ""
    for (const line of all) if (line) each(line)
  })
}

// --- the session ---------------------------------------------------------------

/** What OpenCode does not tell its hooks, and hooks must know. */
class Sessions {
  #client
  /** @type {Map<string, string | undefined>} the parent of each session that is known */
  #parents = new Map()
  /** @type {Map<string, string>} sessions whose start is due, and why */
  #due = new Map()
  /** @type {Set<string>} */
  #started = new Set()
  /** @type {Map<string, { agent?: string, model?: string, prompt?: string }>} */
  #latest = new Map()

  /** @param {Host["client"]} client */
  constructor(client) {
    this.#client = client
  }

  /** @param {Session} info of a session.created event */
  created(info) {
    this.#parents.set(info.id, info.parentID)
    if (!info.parentID) this.#due.set(info.id, /\(fork #\d+\)$/.test(info.title ?? "") ? "fork" : "startup")
  }

  /** @param {string} id */
  compacted(id) {
    this.#due.set(id, "compact")
  }

  /** @param {string} id @param {Message[1]["message"]} message */
  prompted(id, message) {
    const { providerID, modelID } = message.model
    this.#latest.set(id, { agent: message.agent, model: `${providerID}/${modelID}`, prompt: message.id })
  }

  /** Why the session's start is due, once. @param {string} id */
  start(id) {
    const why = this.#due.get(id) ?? (this.#started.has(id) ? undefined : "resume")
    this.#due.delete(id)
    this.#started.add(id)
    return why
  }

  /** The state that goes with each request. @param {string} id */
  async state(id) {
    const root = await this.#root(id)
    const { agent, model } = this.#latest.get(id) ?? {}
    return { root, agent, model, prompt: this.#latest.get(root)?.prompt }
  }

  /** @param {string} id */
  async #root(id) {
    for (const seen = new Set(); !seen.has(id);) {
      seen.add(id)
      if (!this.#parents.has(id)) this.#parents.set(id, await this.#ask(id))
      id = this.#parents.get(id) ?? id
    }
    return id
  }

  /** @param {string} id */
  async #ask(id) {
    try {
      return (await this.#client.session.get({ path: { id } })).data?.parentID
    } catch {
      return undefined
    }
  }
}

/** Notices for the user, and OpenCode's log. */
class Voice {
  /** @type {Set<string>} */
  #warned = new Set()

  /** @param {Host["client"]} client @param {Options} options @param {string} mode */
  constructor(client, options, mode) {
    this.client = client
    this.options = options
    this.mode = mode
  }

  /** @param {"debug" | "info" | "warn" | "error"} level @param {string} message */
  log(level, message) {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.options.logLevel)) return
    quietly(() => this.client.app.log({ body: { service: ID, level, message } }))
  }

  /** A warning is told once in a process, other notices each time. @param {Notice[] | undefined} notices @param {number} delay in ms, of toasts */
  tell(notices, delay = 0) {
    for (const { variant, message: said } of notices ?? []) {
      const message = said.replace(/^run-hooks: /, "")
      this.log(variant === "error" ? "error" : variant === "warning" ? "warn" : "info", message)
      if (variant === "warning" && this.#warned.has(message)) continue
      this.#warned.add(message)
      if (this.mode === "run") process.stderr.write(`${ID}: ${message}\n`)
      else if (this.options.toasts)
        setTimeout(
          () => quietly(() => this.client.tui.showToast({ body: { title: ID, message, variant } })),
          delay,
        ).unref()
    }
  }

  /** @param {string} message @param {number} [delay] */
  warn(message, delay) {
    this.tell([{ variant: "warning", message }], delay)
  }
}

/** @param {() => unknown} f whose failure does not matter */
function quietly(f) {
  new Promise((resolve) => resolve(f())).catch(() => {})
}

const MODES = ["run", "serve", "acp", "web"]

// A toast shown before OpenCode's own, about the prompt that failed, is replaced by it.
const AFTER_OWN_TOAST = 700

// A toast shown before the screen is there is lost.
const AFTER_START = 2000

const shared = /** @type {Record<symbol, WeakSet<object>>} */ (/** @type {unknown} */ (globalThis))

// Objects that one copy of this plugin has taken: two copies (of the user and of
// the project) are given the same ones, and hooks must run once.
const taken = (shared[Symbol.for("run-hooks.opencode")] ??= new WeakSet())

/** @param {unknown} object */
function mine(object) {
  if (typeof object !== "object" || object === null) return true
  if (taken.has(object)) return false
  taken.add(object)
  return true
}

/** One OpenCode project: its hooks in OpenCode's sense. */
class Bridge {
  /** @type {Map<string, Call>} by session and call id */
  #calls = new Map()
  /** @type {Map<string, string[]>} texts for results that OpenCode makes itself, of calls that failed */
  #failed = new Map()
  /** @type {Map<string, string[]>} texts for a session's next prompt */
  #waiting = new Map()
  /** @type {string[]} */
  #mcp = []

  /** @param {Pick<Host, "client" | "directory" | "worktree">} host @param {Options} options */
  constructor(host, options) {
    this.client = host.client
    this.directory = host.directory
    this.worktree = host.worktree
    this.options = options
    this.mode = process.argv.find((word) => MODES.includes(word)) ?? "tui"
    this.auto = process.argv.some((word) => ["--auto", "--yolo", "--dangerously-skip-permissions"].includes(word))
    this.voice = new Voice(host.client, options, this.mode)
    this.sessions = new Sessions(host.client)
    this.program = new Program(options, host.directory, (line) => this.#said(line))
  }

  /** Says what is live here, in the log, and what is wrong, to the user. */
  async status() {
    try {
      const s = await this.program.ask({ event: "status", directory: this.directory, worktree: this.worktree })
      this.voice.log("info", `${s.version ?? ID}: ${s.hooks ?? 0} hooks for ${s.project ?? this.directory}`)
      for (const problem of s.problems ?? []) this.voice.warn(problem, AFTER_START)
    } catch (e) {
      this.#edge("status", e)
    }
  }

  /** @param {Parameters<NonNullable<Hooks["config"]>>[0]} config */
  async config(config) {
    this.#mcp = Object.keys(config.mcp ?? {})
  }

  /** @param {Before[0]} input @param {Before[1]} output */
  async before(input, output) {
    const answer = await this.#ask("tool.execute.before", input, output, input.sessionID)
    this.voice.tell(answer.tell)
    if (answer.throw !== undefined) {
      if (answer.abort !== undefined) this.#abort(input.sessionID)
      throw new Refusal(answer.throw)
    }
    if (answer.args) {
      for (const name of Object.keys(output.args)) delete output.args[name]
      Object.assign(output.args, answer.args)
    }
    this.#calls.set(key(input), { carry: answer.carry ?? [], abort: answer.abort, made: Date.now() })
  }

  /** @param {After[0]} input @param {After[1] & { content?: unknown[], structuredContent?: unknown }} output */
  async after(input, output) {
    const call = this.#calls.get(key(input))
    this.#calls.delete(key(input))
    const duration = call && Date.now() - call.made
    const answer = await this.#ask("tool.execute.after", input, output ?? {}, input.sessionID, { duration })
    this.voice.tell(answer.tell)
    if (answer.output !== undefined) output.output = answer.output
    if (answer.content !== undefined) {
      output.content = answer.content
      delete output.structuredContent
    }
    add(output, [...(call?.carry ?? []), ...(answer.append ?? [])])
    if ((answer.abort ?? call?.abort) !== undefined) this.#abort(input.sessionID)
  }

  /** @param {Message[0]} input @param {Message[1]} output */
  async message(input, output) {
    const id = input.sessionID
    this.sessions.prompted(id, output.message)
    const state = await this.sessions.state(id)
    const source = state.root === id ? this.sessions.start(id) : undefined
    const answer = await this.#ask("chat.message", input, output, id, { source })
    this.voice.tell(answer.tell, answer.throw === undefined ? 0 : AFTER_OWN_TOAST)
    const texts = [...(this.#waiting.get(id) ?? []), ...(answer.parts ?? [])]
    if (answer.throw !== undefined) {
      this.#waiting.set(id, [...texts, ...(answer.carry ?? [])])
      throw new Refusal(answer.throw)
    }
    this.#waiting.delete(id)
    const [last = "prt_"] = output.parts.map((part) => part.id).sort((a, b) => (a < b ? 1 : -1))
    texts.forEach((text, i) =>
      output.parts.push({
        id: `${last}z${String(i).padStart(3, "0")}`, // sorts behind the others
        sessionID: id,
        messageID: output.message.id,
        type: "text",
        text,
        synthetic: true,
        metadata: { runHooks: true },
      }),
    )
  }

  /** Failed calls have no hook of their own: what is meant for them is added to every request. @param {any} output */
  async transform(output) {
    for (const { parts } of output.messages)
      for (const part of parts) {
        if (part.type !== "tool" || part.state.status !== "error") continue
        part.state.error = [part.state.error, ...(this.#failed.get(key(part)) ?? [])].join("\n\n")
      }
  }

  /** @param {Event} event */
  event(event) {
    if (event.type === "session.created") this.sessions.created(event.properties.info)
    else if (event.type === "session.compacted") this.sessions.compacted(event.properties.sessionID)
    else if (event.type === "message.part.updated") this.#part(event.properties.part)
  }

  /** A call that failed has no hook behind it. @param {import("@opencode-ai/sdk").Part} part */
  #part(part) {
    if (part.type !== "tool" || part.state.status !== "error") return
    const call = this.#calls.get(key(part))
    this.#calls.delete(key(part))
    if (call?.carry.length) this.#failed.set(key(part), call.carry)
    if (call?.abort !== undefined) this.#abort(part.sessionID)
  }

  /**
   * @param {string} event @param {any} input @param {any} output @param {string} session @param {object} [more] of the state
   * @returns {Promise<Answer>}
   */
  async #ask(event, input, output, session, more) {
    try {
      const state = {
        mode: this.mode,
        auto: this.auto,
        mcp: this.#mcp,
        ...(await this.sessions.state(session)),
        ...more,
      }
      const { directory, worktree } = this
      const answer = await this.program.ask({ event, directory, worktree, session, state, input, output })
      for (const line of answer.log ?? []) this.voice.log("info", line)
      return answer
    } catch (e) {
      return this.#edge(event, e)
    }
  }

  /**
   * The answer when there is none: closed, where a hook might have said no.
   * @param {string} event @param {unknown} e @returns {Answer}
   */
  #edge(event, e) {
    const why = e instanceof Trouble ? e.message : `the plugin failed: ${text(e)}`
    const word = event === "chat.message" ? "UserPromptSubmit" : "hooks"
    const files = guards(this.directory, this.worktree, word)
    if (files.length === 0) {
      this.voice.log("warn", why)
      return {}
    }
    const checks = `the hooks of ${files.join(", ")}`
    const mend = `install run-hooks, or set "path" in .opencode/run-hooks.json to where it is`
    const stops = event === "tool.execute.before" || event === "chat.message"
    if (this.options.failMode === "closed" && stops) {
      const message =
        `Refused: ${checks} could not check this, because ${why}. ` +
        `The user can mend it: ${mend}; "failMode": "open" there lets everything pass unchecked.`
      return { throw: message, tell: [{ variant: "warning", message }] }
    }
    const what =
      this.options.failMode === "closed" && event === "status"
        ? "can check nothing, so calls are refused"
        : "do not run"
    this.voice.warn(`${why}; ${checks} ${what}; ${mend}`)
    return {}
  }

  /** @param {string} id */
  #abort(id) {
    quietly(() => this.client.session.abort({ path: { id } }))
  }

  /** @param {string} line of the program's stderr */
  #said(line) {
    this.voice.warn(line)
  }
}

/** @param {{ sessionID: string, callID: string }} call */
function key({ sessionID, callID }) {
  return `${sessionID} ${callID}`
}

/** Adds texts to a tool's result. @param {any} output @param {string[]} texts */
function add(output, texts) {
  if (!output || texts.length === 0) return
  if (Array.isArray(output.content)) output.content.push(...texts.map((text) => ({ type: "text", text })))
  else output.output = [output.output ?? "", ...texts].join("\n\n")
}

/** @param {unknown} e */
function text(e) {
  return e instanceof Error ? e.message : String(e)
}

/** @param {any} e */
function code(e) {
  return e?.code
}

/**
 * Started by OpenCode 1.x, once for each project.
 * @type {import("@opencode-ai/plugin").Plugin}
 */
async function server(host, entry) {
  const worktree = host.worktree && host.worktree !== "/" ? host.worktree : host.directory
  const { options, faults } = readOptions(entry, [...new Set([worktree, host.directory])])
  const bridge = new Bridge({ client: host.client, directory: host.directory, worktree }, options)
  for (const fault of faults) bridge.voice.warn(`${fault}; the default is used`)
  if (!options.enabled) {
    bridge.voice.warn("switched off by its options: no hook runs")
    return {}
  }
  setTimeout(() => bridge.status(), 0).unref()
  return {
    config: (config) => bridge.config(config),
    event: async ({ event }) => bridge.event(event),
    dispose: () => bridge.program.end(),
    "chat.message": async (input, output) => {
      if (mine(output)) await bridge.message(input, output)
    },
    "tool.execute.before": async (input, output) => {
      if (mine(output)) await bridge.before(input, output)
    },
    "tool.execute.after": async (input, output) => {
      if (!mine(output)) return
      await bridge.after(input, output).catch((e) => bridge.voice.warn(`the plugin failed: ${text(e)}`))
    },
    "experimental.chat.messages.transform": async (_, output) => bridge.transform(output),
  }
}

/** Started by OpenCode 2.x, and by 1.18.33 too, with a context that has no tool hooks. @param {any} ctx */
async function setup(ctx) {
  if (!ctx.tool?.hook) return
}

export default { id: ID, server, setup }
