import { createServer } from 'node:net'
import { checkSealKey } from '@/lib/audit/seal/check-key'
import { noteInstance } from '@/lib/platform/boot/instances'
import { prepareInstallation, releaseInstallation } from '@/lib/platform/boot/prepare'
import { env, isLoopback, settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { buildApplication } from '@/scripts/build'
import { offerDemonstration } from '@/scripts/demonstration'
import { distFolder } from '@/scripts/dist-folder'
import { generateClient } from '@/scripts/generate'
import { Progress } from '@/scripts/progress'

/**
 * Everything between `npm start` and the server, for the parent process, which then serves: it is sent the environment
 * and the address. What goes wrong ends in one sentence.
 */
export async function run([mode]: readonly string[]): Promise<number> {
  const progress = new Progress()
  const holder = process.ppid
  const hosts = listenHosts()
  stopOnSignal(holder)
  await refuseBusyPort(env().PORT, hosts)
  await generateClient(() => progress.step("Making Prisma's client"))
  try {
    const { ownerUrl, installation, environment } = await prepareInstallation({ holder, onProgress: progress.step })
    if (settings.runsJobs) await checkSealKey(ownerUrl)
    const welcome = await offerDemonstration(ownerUrl, installation, progress)
    const folder = distFolder()
    if (mode === 'start') await buildApplication(folder, () => progress.step('Building the application'))
    progress.done()
    await noteInstance(holder, env().PORT)
    const NODE_ENV = mode === 'start' ? 'production' : 'development'
    await send({ environment: { ...environment, NODE_ENV }, hosts, port: env().PORT, folder, welcome })
    return 0
  } catch (error) {
    progress.done()
    await releaseInstallation(holder).catch(() => undefined)
    throw error
  }
}

/** Plain http stays on this computer; https comes through a proxy, which may be on another. */
function listenHosts(): string[] {
  const { AMPARO_HOST } = env()
  if (AMPARO_HOST !== undefined) return [AMPARO_HOST]
  return isLoopback(new URL(settings.publicOrigin).hostname) ? ['127.0.0.1', '::1'] : ['::']
}

async function refuseBusyPort(port: number, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) {
    const code = await tryPort(port, host)
    if (code === 'EADDRINUSE')
      throw new PlainSentence(`Port ${String(port)} is taken; stop what uses it, or set PORT to another one.`)
    if (code === 'EACCES')
      throw new PlainSentence(`This user may not open port ${String(port)}; set PORT to one above 1023.`)
  }
}

async function tryPort(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code)
    })
    probe.listen({ port, host }, () =>
      probe.close(() => {
        resolve(undefined)
      }),
    )
  })
}

function stopOnSignal(holder: number): void {
  const stop = (): void => {
    void releaseInstallation(holder)
      .catch(() => undefined)
      .then(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  // The process that this was for has been killed.
  process.once('disconnect', stop)
}

async function send(message: object): Promise<void> {
  if (process.send === undefined) throw new PlainSentence('Start the application with npm start or npm run dev.')
  await new Promise<void>((resolve, reject) => {
    process.send?.(message, undefined, {}, (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
}
