import { pino, type DestinationStream, type Logger } from 'pino'

/** What callers get of pino: no `child`, whose bindings pino writes without asking our formatter. */
export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'level' | 'flush'>

/**
 * Keys whose values never reach a log (requirement L06), compared without case, dashes and underscores. A key counts
 * when it equals one of these or ends in one, so that `contactEmail` and `new_password` are caught too.
 */
const SECRET_KEYS = `
  password passphrase secret token tokens cookie cookies setcookie authorization apikey key masterkey credential
  session sessionid totp otp name names alias aliases identity phone phones mobile email emails address
  addresses street postalcode birthdate birthyear birthday documents documentnumber passport codeword
  safecontact profile note notes text reason comment description outcome query search body input values params
  parameters args formdata headers detail where row plaintext databaseurl url connectionstring
`
  .trim()
  .split(/\s+/)

/** Keys that end like a secret one and are harmless: they hold codes of the program, not data of people. */
const PLAIN_KEYS = new Set([
  'context',
  'agencykey',
  'errorname',
  'hostname',
  'jobname',
  'reasoncode',
  'tablename',
  'eventname',
])

const DEEPEST = 6
const LONGEST_TEXT = 2000
const HIDDEN = '[hidden]'

/** C0 and C1 controls, line separators, bidirectional controls and invisible format signs (requirement L08). */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
const EMAIL = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}\.[^\s@<>"']{2,}/g
const LONG_NUMBER = /\+?\d(?:[ ().-]{0,2}\d){6,}/g

/** The text as it may stand in a log: controls written out, e-mail addresses and long numbers hidden, cut to length. */
export function safeText(text: string): string {
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
  return cut
    .replace(UNSAFE, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(EMAIL, HIDDEN)
    .replace(LONG_NUMBER, HIDDEN)
}

/** A copy of `value` that may stand in a log. */
export function safeValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return isOpaqueId(value) ? value : safeText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return safeError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`
  if (depth >= DEEPEST) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => safeValue(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([key, item]) => [safeText(key), isSecretKey(key) ? HIDDEN : safeValue(item, depth + 1)]),
  )
}

/**
 * An error without its message: database and validation errors quote what people typed. Kind, code and the places
 * in our code are what a repair needs; Node's own system errors keep theirs.
 */
function safeError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? safeText(error.code) : undefined
  const system = 'syscall' in error && typeof error.syscall === 'string'
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    errorName: safeText(error.name),
    ...(code === undefined ? {} : { code }),
    ...(system ? { message: safeText(error.message) } : {}),
    at: places.slice(0, 12).map((line) => safeText(line.trim())),
    ...(error.cause === undefined || depth >= DEEPEST ? {} : { cause: safeValue(error.cause, depth + 1) }),
  }
}

/** Ids would otherwise be taken for long numbers. */
function isOpaqueId(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text) || /^\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?$/.test(text)
}

function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '')
  return !PLAIN_KEYS.has(plain) && SECRET_KEYS.some((secret) => plain === secret || plain.endsWith(secret))
}

let toErrorStream = false

const standardStream: DestinationStream = {
  write: (line) => (toErrorStream ? process.stderr : process.stdout).write(line),
}

/** Sends the log to stderr from now on: a command of the CLI owes stdout to its result. */
export function logToErrorStream(): void {
  toErrorStream = true
}

/** A logger of one JSON object a line that hides what must not be logged, whatever its callers hand in. */
export function createLog(destination: DestinationStream = standardStream): Log {
  return pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (level) => ({ level }),
        log: (fields) => safeValue(fields) as Record<string, unknown>,
      },
      // pino's own serializer would put the message of an error back.
      serializers: { err: safeValue },
      hooks: {
        logMethod(args, method) {
          // A bare error would become the line's message through pino's defaults.
          const [first, ...rest] = args as unknown[]
          const safe = first instanceof Error ? [{ err: safeValue(first) }, ...rest] : [first, ...rest]
          method.apply(
            this,
            safe.map((arg) => (typeof arg === 'string' ? safeText(arg) : arg)) as Parameters<typeof method>,
          )
        },
      },
    },
    destination,
  )
}

/** The application's log. Write codes and ids of the program in it, never what a person or member typed. */
export const log = createLog()
