import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Application = {
  readonly origin: string
  readonly process: ChildProcess
  /** Everything it has printed so far. */
  readonly output: () => string
  /** Sends the signal and waits for the end; returns the exit code, null after a kill. */
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => Promise<number | null>
}

export type StartSettings = {
  readonly dataDirectory: string
  readonly port: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Where the application that tests serve is built. */
export function distFolder(): string {
  return process.env['AMPARO_DIST_DIR'] ?? '.next-test'
}

/** `npm start` on a data directory and port of its own, without npm. It prints; the caller decides when it is ready. */
export function launch({ dataDirectory, port, environment = {} }: StartSettings): Application {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    env: {
      ...withoutSettings(process.env),
      PORT: String(port),
      AMPARO_DATA_DIR: dataDirectory,
      AMPARO_DIST_DIR: distFolder(),
      // It ends when this process does, as it would with npm.
      npm_lifecycle_event: 'start',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    origin: `http://localhost:${String(port)}`,
    process: child,
    output: () => said,
    end: async (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

/** Starts the application and waits until its health is good. Throws what it said when it ends instead. */
export async function startApplication(settings: StartSettings): Promise<Application> {
  const application = launch(settings)
  while (application.process.exitCode === null) {
    const health = await fetch(`${application.origin}/api/health`).catch(() => undefined)
    if (health?.status === 200) return application
    await sleep(100)
  }
  throw new Error(`The application did not start:\n${application.output()}`)
}

/** A port that nothing uses at the moment. */
export async function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('The probe has no port'))
      })
    })
  })
}

/** What a test file set for itself must not reach an application that it starts. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(AMPARO_|DATABASE_|NEXT|NODE_ENV|NODE_OPTIONS|npm_lifecycle_event|VITEST)/.test(name),
  )
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}
