import pg from 'pg'
import { PlainSentence } from '@/lib/platform/plain-sentence'

/** Runs `work` on one connection of its own and closes it. For the start and for operator commands. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // A server that goes away between two statements fails the next one; unheard, it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Sends one statement and returns its rows. */
export type OwnerQuery = <Row>(
  text: string,
  values?: readonly (string | number | Uint8Array | null)[],
) => Promise<Row[]>

/** Runs `work` on one connection that it sends single statements over. */
export async function ownerQuery<T>(url: string, work: (query: OwnerQuery) => Promise<T>): Promise<T> {
  return withConnection(url, (client) =>
    work(
      async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    ),
  )
}

const NOT_OWNER = 'the migrations need the owner of the database, who may make roles (CREATEROLE)'

/** Checks that `url`, from DATABASE_URL, leads its owner to a server that is new enough. Refuses with one sentence. */
export async function checkOwnerUrl(url: string): Promise<void> {
  await refuseUnreachable('DATABASE_URL', url, async (client) => {
    const { rows } = await client.query<{ version: number; owner: boolean; roles: boolean }>(`
      SELECT current_setting('server_version_num')::int AS version,
        pg_has_role(current_user, d.datdba, 'USAGE') AS owner, r.rolcreaterole OR r.rolsuper AS roles
      FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`)
    const [found] = rows
    if (found === undefined || found.version < 170_006)
      throw new PlainSentence(
        'DATABASE_URL leads to a PostgreSQL older than 17.6; upgrade it, or leave DATABASE_URL out.',
      )
    if (!found.owner) throw new PlainSentence(`The user in DATABASE_URL does not own the database; ${NOT_OWNER}.`)
    if (!found.roles) throw new PlainSentence(`The user in DATABASE_URL may not make roles; ${NOT_OWNER}.`)
  })
}

/** Runs `work` on a connection to `url`; turns what can be wrong with a URL into one sentence that names `variable`. */
export async function refuseUnreachable<T>(
  variable: string,
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  try {
    return await withConnection(url, work)
  } catch (error) {
    if (error instanceof PlainSentence) throw error
    throw new PlainSentence(`${variable}: ${explain(url, error as Partial<pg.DatabaseError>)}`, { cause: error })
  }
}

function explain(url: string, error: Partial<pg.DatabaseError>): string {
  const { host, pathname } = new URL(url)
  const database = decodeURIComponent(pathname.slice(1))
  switch (error.code) {
    case '28P01':
    case '28000':
      return `the server at ${host} refuses the user or the password; correct them.`
    case '3D000':
      return `the server at ${host} has no database "${database}"; make it, or correct the name.`
    case '42501':
      return `the user may not connect to the database "${database}"; use its owner.`
    case '53300':
      return `the server at ${host} has no free connection; close some, or raise its max_connections.`
    case '57P03':
      return `the server at ${host} is still starting; try again in a moment.`
    default:
      return `no PostgreSQL answers at ${host} (${error.code ?? error.message ?? 'no reason given'}); start it, or correct the address.`
  }
}
