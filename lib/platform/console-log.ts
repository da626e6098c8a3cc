import { log as applicationLog, type Log } from './log'

type Speaker = Pick<Console, 'error' | 'warn'>

/**
 * Lets what Next.js and libraries say on the console go through the application's log. A failed page is reported by
 * Next.js with the whole message of its error, and messages of databases and validators quote what people typed
 * (requirement L06). The digest stays, since the page shows it as its reference.
 */
export function speakThroughLog(speaker: Speaker = console, log: Log = applicationLog): void {
  speaker.error = (...said: readonly unknown[]) => {
    log.error(fieldsOf(said), 'the server reported a failure')
  }
  speaker.warn = (...said: readonly unknown[]) => {
    log.warn(fieldsOf(said), 'the server gave a warning')
  }
}

function fieldsOf(said: readonly unknown[]): Record<string, unknown> {
  const error = said.find((one) => one instanceof Error)
  if (error === undefined) return { said: said.filter((one) => typeof one === 'string').join(' ') }
  const digest = 'digest' in error ? /^\d{1,15}/.exec(String(error.digest))?.[0] : undefined
  // As a number: a text of so many digits would be hidden, since it might be a phone's.
  return { err: error, ...(digest === undefined ? {} : { digest: Number(digest) }) }
}
