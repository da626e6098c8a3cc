import autocannon from 'autocannon'

type Overload = {
  readonly url: string
  readonly headers: Record<string, string>
  /** How many good answers are waited for. */
  readonly answers: number
}

type Overloaded = {
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>
  readonly errors: number
  /** How long good answers took, in milliseconds, the quickest first. */
  readonly took: readonly number[]
}

/** Asks over 200 connections, five times what is let in, until so many answers were good. */
export async function overloaded({ url, headers, answers }: Overload): Promise<Overloaded> {
  const statuses = new Map<number, number>()
  const took: number[] = []
  // How long that takes depends on what else the computer does; an application that answers nobody never gets there.
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const asking = autocannon({ url, headers, connections: 200, duration: 50 }, (error: unknown, result) => {
      if (error instanceof Error) reject(error)
      else resolve(result)
    })
    asking.on('response', (_client, status, _bytes, time) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200) took.push(time)
      if (took.length === answers) asking.stop()
    })
  })
  return { statuses, errors, took: took.toSorted((a, b) => a - b) }
}
