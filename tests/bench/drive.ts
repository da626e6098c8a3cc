import autocannon from 'autocannon'
import pg from 'pg'

import { settings } from '@/lib/platform/env'
import { replay, type Statement } from './capture'
import { measuredOf, Samples, type Measured } from './samples'

export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export type HttpMeasured = Measured & {
  /** Bytes of one answer as sent, with its headers, at the median. */
  readonly bytes: number
}

const WARM_UP_SECONDS = 2

/**
 * Drives the server with requests in turn. Throws when an answer isn't the one expected: a fast error is no result.
 * Times are taken from each answer, since the totals of autocannon are whole milliseconds.
 */
export async function driveHttp(
  origin: string,
  requests: readonly HttpRequest[],
  { connections, seconds, status }: { connections: number; seconds: number; status: number },
): Promise<HttpMeasured> {
  await cannon(origin, requests, connections, WARM_UP_SECONDS, () => undefined)
  const times = new Samples()
  const bytes = new Samples()
  const wrong = new Map<number, number>()
  await cannon(origin, requests, connections, seconds, (code, size, time) => {
    if (code !== status) wrong.set(code, (wrong.get(code) ?? 0) + 1)
    times.add(time)
    bytes.add(size)
  })
  if (times.count === 0) throw new Error(`Nothing was answered in ${String(seconds)} s; take more with --seconds`)
  if (wrong.size > 0)
    throw new Error(
      `${requests[0]?.path ?? ''} answered ${JSON.stringify(Object.fromEntries(wrong))} instead of ${String(status)}`,
    )
  return { ...measuredOf(times, seconds), bytes: bytes.percentile(0.5) }
}

async function cannon(
  url: string,
  requests: readonly HttpRequest[],
  connections: number,
  duration: number,
  onResponse: (status: number, bytes: number, milliseconds: number) => void,
): Promise<void> {
  let next = 0
  const take = (): HttpRequest => {
    const request = requests[next++ % requests.length]
    if (request === undefined) throw new Error('Nothing to send')
    return request
  }
  await new Promise<void>((resolve, reject) => {
    const options: autocannon.Options = {
      url,
      connections,
      duration,
      timeout: 30,
      requests: [
        {
          setupRequest: (request) => {
            const { method, path, headers, body } = take()
            return { ...request, method, path, headers: { ...headers }, ...(body === undefined ? {} : { body }) }
          },
        },
      ],
    }
    const instance = autocannon(options, (error: unknown) => {
      if (error instanceof Error) reject(error)
      else resolve()
    })
    instance.on('response', (_client, status, bytes, milliseconds) => {
      onResponse(status, bytes, milliseconds)
    })
  })
}

/** Sends the statements of the same work by bare connections of the application's role, from this one process. */
export async function driveSql(
  work: () => readonly Statement[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Measured> {
  const clients = await Promise.all(Array.from({ length: connections }, connect))
  const times = new Samples()
  const loop = async (client: pg.Client, until: number, samples: Samples | null) => {
    while (performance.now() < until) {
      const begun = performance.now()
      await replay(client, work())
      samples?.add(performance.now() - begun)
    }
  }
  const all = (until: number, samples: Samples | null) =>
    Promise.all(clients.map((client) => loop(client, until, samples)))
  await all(performance.now() + WARM_UP_SECONDS * 1000, null)
  await all(performance.now() + seconds * 1000, times)
  await Promise.all(clients.map((client) => client.end()))
  return measuredOf(times, seconds)
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: settings.appUrl })
  await client.connect()
  return client
}
