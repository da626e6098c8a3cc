import pg from 'pg'

/** A statement as the application's driver was given it. */
export type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly config: object | string }

/** Runs `work` in this process and returns what it sent to the database, its transaction's brackets included. */
export async function captureStatements(work: () => Promise<unknown>): Promise<readonly Statement[]> {
  // The prototype's own function, called on the same client, whatever it is given.
  const original = Reflect.get(pg.Client.prototype, 'query') as (this: pg.Client, ...args: unknown[]) => unknown
  const sent: Statement[] = []
  const spy = function (this: pg.Client, ...args: unknown[]): unknown {
    const [config] = args
    if (typeof config === 'string') sent.push({ text: config, values: [], config })
    else if (typeof config === 'object' && config !== null && 'text' in config) {
      const values = 'values' in config && Array.isArray(config.values) ? (config.values as unknown[]) : []
      sent.push({ text: String(config.text), values, config })
    }
    return original.apply(this, args)
  }
  Object.assign(pg.Client.prototype, { query: spy })
  try {
    await work()
    return sent
  } finally {
    Object.assign(pg.Client.prototype, { query: original })
  }
}

/** Sends captured statements again in their order, on one connection, and nothing else. */
export async function replay(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  for (const { config } of statements) await client.query(config as pg.QueryConfig)
}

/** The same statements with other values: what was made gets another id and code each time it is made. */
export function withFresh(statements: readonly Statement[], fresh: ReadonlyMap<string, string>): readonly Statement[] {
  const renew = (value: unknown): unknown => {
    if (typeof value === 'string') {
      let text = value
      for (const [before, now] of fresh) text = text.replaceAll(before, now)
      return text
    }
    return Array.isArray(value) ? value.map(renew) : value
  }
  return statements.map(({ text, values, config }) => {
    if (typeof config === 'string') return { text, values, config }
    const renewed = values.map(renew)
    return { text, values: renewed, config: { ...config, values: renewed } }
  })
}
