import { join, resolve } from 'node:path'
import { z } from 'zod'
import { PlainSentence } from '@/lib/platform/plain-sentence'

/**
 * Every setting from the environment, checked. The only place in lib that reads it; docs/operations.md lists them.
 * An empty value counts as not set. Nothing here is secret by itself but what the comments mark so.
 */
const variables = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  /** The address that browsers use. Plain http only on this computer. */
  AMPARO_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  /** The network address to listen at; without it, this computer only while the origin is plain http. */
  AMPARO_HOST: z.string().optional(),
  AMPARO_DATA_DIR: z.string().default('.data'),
  /** Secret. The owner's database URL: for migrations and operator commands; the running server does not have it. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Secret. The application's own role; handed over by the start unless the operator gives it. */
  DATABASE_APP_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Secret. The role of the background jobs; likewise. */
  DATABASE_WORKER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Secret. The role that reads everything for backups, sealed values sealed; likewise. */
  DATABASE_BACKUP_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  AMPARO_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
  /** Secret. The master key's lines, or the file that holds them (`master-key` in the data directory). */
  AMPARO_MASTER_KEY: z.string().optional(),
  AMPARO_MASTER_KEY_FILE: z.string().optional(),
  /** The file with the key that seals the log (`seal-key` in the data directory), or `elsewhere`: another instance seals. */
  AMPARO_SEAL_KEY_FILE: z.string().optional(),
  /** A directory kept by somebody else, where every checkpoint of the log is written as well. */
  AMPARO_WITNESS_DIR: z.string().optional(),
  AMPARO_DEMO: z.enum(['0', '1']).default('0'),
  /** Secret. The password of the demonstration accounts, as given. */
  AMPARO_DEMO_PASSWORD: z.string().optional(),
  /** Secret. Who sends it as a bearer token may read /api/metrics; without it there are none. */
  AMPARO_METRICS_TOKEN: z.string().min(16).optional(),
  AMPARO_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Secret when it holds a password. The mail server; without one, mails are files in the data directory. */
  AMPARO_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** The address that mails come from. */
  AMPARO_MAIL_FROM: z.email().optional(),
  /** Where background jobs run: in the process that serves, or `apart` in `amparo worker`. */
  AMPARO_WORKER: z.enum(['inside', 'apart']).default('inside'),
  /** Where backups are written; better another disk than the data directory's. */
  AMPARO_BACKUP_DIR: z.string().optional(),
  /** The hour (UTC) of the daily backup, or `off`. */
  AMPARO_BACKUP_HOUR: z.union([z.literal('off'), z.coerce.number().int().min(0).max(23)]).default(3),
  /** How many daily, weekly and monthly backups are kept. */
  AMPARO_BACKUP_KEEP: z
    .string()
    .regex(/^\d{1,3},\d{1,3},\d{1,3}$/)
    .default('7,4,6'),
  /** For how many days backups of the keys are kept. */
  AMPARO_BACKUP_KEEP_KEYS: z.coerce.number().int().min(1).max(90).default(7),
  /** Public keys that backups are encrypted to, with commas between; else the file `backup-recipients` has them. */
  AMPARO_BACKUP_RECIPIENTS: z.string().optional(),
  /** How many reverse proxies before the application add their client to X-Forwarded-For. */
  AMPARO_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
})

type Variables = z.infer<typeof variables>

let checked: Variables | undefined

/** The checked environment. Refuses, with one sentence, a variable that makes no sense. */
export function env(): Variables {
  return (checked ??= check())
}

/** Reads the environment again at the next use; for the start, which completes it, and for tests. */
export function forgetEnv(): void {
  checked = undefined
}

/** What the application asks its settings for. Read at each use, so that building needs none of them. */
export const settings = {
  get production(): boolean {
    return env().NODE_ENV === 'production'
  },
  /** The origin that browsers use, without a slash at its end. */
  get publicOrigin(): string {
    return new URL(env().AMPARO_ORIGIN ?? `http://localhost:${String(env().PORT)}`).origin
  },
  /** Whether cookies are `Secure` and carry `__Host-`. */
  get secureCookies(): boolean {
    return settings.publicOrigin.startsWith('https:')
  },
  get dataDirectory(): string {
    return resolve(/* turbopackIgnore: true */ process.cwd(), env().AMPARO_DATA_DIR)
  },
  get appUrl(): string {
    return need('DATABASE_APP_URL')
  },
  get workerUrl(): string {
    return need('DATABASE_WORKER_URL')
  },
  /** Undefined where this process was not given the role of backups. */
  get backupUrl(): string | undefined {
    return env().DATABASE_BACKUP_URL
  },
  get backupDirectory(): string {
    return resolve(
      /* turbopackIgnore: true */ process.cwd(),
      env().AMPARO_BACKUP_DIR ?? join(env().AMPARO_DATA_DIR, 'backups'),
    )
  },
  get backupHour(): number | 'off' {
    return env().AMPARO_BACKUP_HOUR
  },
  get backupKeep(): {
    readonly daily: number
    readonly weekly: number
    readonly monthly: number
    readonly keyDays: number
  } {
    const [daily = 7, weekly = 4, monthly = 6] = env().AMPARO_BACKUP_KEEP.split(',').map(Number)
    return { daily, weekly, monthly, keyDays: env().AMPARO_BACKUP_KEEP_KEYS }
  },
  get backupRecipients(): string | undefined {
    return env().AMPARO_BACKUP_RECIPIENTS
  },
  get poolSize(): number {
    return env().AMPARO_POOL_SIZE
  },
  get masterKeyFile(): string {
    return env().AMPARO_MASTER_KEY_FILE ?? join(settings.dataDirectory, 'master-key')
  },
  get masterKeyText(): string | undefined {
    return env().AMPARO_MASTER_KEY
  },
  get smtpUrl(): string | undefined {
    return env().AMPARO_SMTP_URL
  },
  /** The sender of mails, a plain address: what stands before it would be read by whoever looks over a shoulder. */
  get mailFrom(): string {
    return env().AMPARO_MAIL_FROM ?? 'amparo@localhost'
  },
  /** Whether the process that serves the application runs the background jobs as well. */
  get runsJobs(): boolean {
    return env().DATABASE_WORKER_URL !== undefined && env().AMPARO_WORKER === 'inside'
  },
  /** Undefined where another instance seals. */
  get sealKeyFile(): string | undefined {
    const given = env().AMPARO_SEAL_KEY_FILE
    return given === 'elsewhere' ? undefined : (given ?? join(settings.dataDirectory, 'seal-key'))
  },
  get witnessDirectory(): string | undefined {
    return env().AMPARO_WITNESS_DIR
  },
  get metricsToken(): string | undefined {
    return env().AMPARO_METRICS_TOKEN
  },
  get logLevel(): Variables['AMPARO_LOG_LEVEL'] {
    return env().AMPARO_LOG_LEVEL
  },
  get proxies(): number {
    return env().AMPARO_PROXIES
  },
}

/** The little of the environment that a PostgreSQL process gets: none of our secrets. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: env().NODE_ENV,
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    LC_ALL: 'C',
    TZ: 'UTC',
  }
}

/** Whether a host name means this computer itself, where plain http meets nobody on the way. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function need(name: 'DATABASE_APP_URL' | 'DATABASE_WORKER_URL'): string {
  const value = env()[name]
  if (value === undefined)
    throw new PlainSentence(`${name} is not set; start the application with npm start, which sets it.`)
  return value
}

function check(): Variables {
  const given = Object.entries(process.env).filter(([, value]) => value !== '')
  const result = variables.safeParse(Object.fromEntries(given))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  // The value stays out of the sentence: it may be a secret.
  throw new PlainSentence(
    `The environment variable ${String(issue?.path[0])} is not valid; correct it or leave it out.`,
  )
}
