import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { changePerson } from '@/lib/people/change-service'
import { personFactsIn, personLinesIn } from '@/lib/people/facts-service'
import { listIdentities, readIdentity } from '@/lib/people/identity-service'
import { identityTokens } from '@/lib/people/names/identity-tokens'
import { registerPersonInput } from '@/lib/people/schema'
import { findAlike, locateRecord, searchPersons } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { indexToken, TOKEN_BYTES } from '@/lib/platform/crypto/tokens'
import { newCode, newId } from '@/lib/platform/ids'
import { ok, type Result } from '@/lib/platform/result'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal} ${result.reason ?? ''}`)
  return result.value
}

const CANARY = {
  identity: {
    names: [{ value: 'Quetzalli Zephyrine' }, { value: '鵺鵺子' }],
    aliases: ['Kestrelwing'],
    birthDate: '1987-11-23',
    phones: ['+43 699 87654321'],
    emails: ['canary.bird@nest.example'],
    addresses: ['Marmalade Alley 77'],
    documents: [{ type: 'passport', number: 'ZQX998877' }],
  },
  safeContact: {
    channels: { call: false },
    mayAnswer: 'Aunt Periwinkle',
    codeWord: 'thunderegg',
    notes: 'Never on Sundays at the orchard',
  },
} as const
const MARKS =
  /Quetzalli|Zephyrine|鵺|Kestrelwing|1987-11-23|87654321|canary\.bird|Marmalade|ZQX998877|Periwinkle|thunderegg|orchard/i

async function personOf(agency: Office, given: unknown = CANARY) {
  const { code } = valueOf(await registerPerson(agency.caseworker, registerPersonInput.parse(given)))
  const [row] = await owner<{ id: string }[]>`SELECT id FROM person WHERE code = ${code}`
  if (row === undefined) throw new Error('The person was not written')
  return { code, id: row.id }
}

/** A case of the person with the caseworker on its team, restricted if told. */
async function caseOf(agency: Office, person: string, restricted: boolean): Promise<{ id: string; code: string }> {
  const [id, code] = [newId(), newCode('CAS')]
  valueOf(
    await withActor(agency.caseworker, async (tx) => {
      await tx.caseFile.createMany({
        data: [
          {
            id,
            code,
            personId: person,
            holderAgencyId: agency.agency.id,
            agencyId: agency.agency.id,
            leadAgencyId: agency.agency.id,
            unitId: agency.unit,
            number: 1,
            openedOn: new Date('2026-01-05'),
          },
        ],
      })
      if (restricted) await tx.$queryRaw`SELECT app.restrict_case(${id}::uuid, true)`
      return ok()
    }),
  )
  return { id, code }
}

describe('a restricted person', () => {
  it('invariant 5, trap T11: does not exist for anyone off the team, on any path', async () => {
    const agency = await office(owner)
    const { code, id } = await personOf(agency)
    await caseOf(agency, id, true)
    const unknown = newCode('AMP')

    for (const stranger of [agency.colleague, agency.supervisor]) {
      for (const query of ['Quetzalli Zephyrine', '鵺鵺子', 'Kestrelwing', '+43 699 87654321', 'ZQX998877', code]) {
        expect(valueOf(await searchPersons(stranger, { query })), query).toEqual({ hits: [], shared: [], more: false })
      }
      expect(valueOf(await findAlike(stranger, registerPersonInput.parse(CANARY)))).toEqual([])
      expect(await viewPerson(stranger, { person: code })).toEqual(await viewPerson(stranger, { person: unknown }))
      expect(await readIdentity(stranger, { person: code })).toEqual(await readIdentity(stranger, { person: unknown }))
      expect(await changePerson(stranger, { person: code, version: 1 })).toEqual({ ok: false, refusal: 'not_found' })
      expect(valueOf(await listIdentities(stranger, { persons: [code] }))).toEqual([])
      await withActor(stranger, async (tx) => {
        expect(await personFactsIn(tx, id)).toBeNull()
        expect((await personLinesIn(tx, [id])).size).toBe(0)
        expect(await tx.person.count()).toBe(0)
        expect(await tx.caseFile.count()).toBe(0)
        return ok()
      })
    }
    const team = agency.caseworker
    expect(valueOf(await searchPersons(team, { query: 'Quetzalli Zephyrine' })).hits).toMatchObject([
      { code, team: true },
    ])
    expect(valueOf(await viewPerson(team, { person: code })).cases).toMatchObject([{ restricted: true }])
    expect(valueOf(await readIdentity(team, { person: code })).names).toHaveLength(2)
  })

  it('is not counted among those that a search leaves out', async () => {
    const agency = await office(owner)
    for (let made = 0; made < 21; made += 1) {
      const { id } = await personOf(agency, { identity: { names: ['Lena Berg'] } })
      if (made > 0) await caseOf(agency, id, made === 1)
    }
    const { hits, more } = valueOf(await searchPersons(agency.colleague, { query: 'Lena Berg' }))
    expect(hits).toHaveLength(20)
    expect(more).toBe(false)
  })
})

describe('a person of another agency', () => {
  it('T05: is answered like one that never was, on every path', async () => {
    const [holder, stranger] = [await office(owner), await office(owner)]
    const { code, id } = await personOf(holder)
    const file = await caseOf(holder, id, false)
    for (const actor of [stranger.caseworker, stranger.supervisor]) {
      for (const path of [
        (person: string) => viewPerson(actor, { person }),
        (person: string) => readIdentity(actor, { person }),
        (person: string) => changePerson(actor, { person, version: 1, profile: {} }),
      ]) {
        expect(JSON.stringify(await path(code))).toBe(JSON.stringify(await path(newCode('AMP'))))
      }
      expect(valueOf(await searchPersons(actor, { query: code }))).toEqual({ hits: [], shared: [], more: false })
      expect(await locateRecord(actor, newCode('SVC'))).toEqual({ ok: false, refusal: 'not_found' })
    }
    expect(file.code).toMatch(/^CAS-/)
  })

  it('is out of reach of every role without cases', async () => {
    const holder = await office(owner)
    const { code, id } = await personOf(holder)
    const without: Actor[] = [
      holder.admin,
      await outsider(owner, 'auditor'),
      await outsider(owner, 'coordinator'),
      await outsider(owner, 'system_admin'),
    ]
    for (const actor of without) {
      expect(await viewPerson(actor, { person: code })).toEqual({ ok: false, refusal: 'not_found' })
      expect(await readIdentity(actor, { person: code })).toEqual({ ok: false, refusal: 'not_found' })
      expect(await searchPersons(actor, { query: 'Quetzalli' })).toEqual({ ok: false, refusal: 'forbidden' })
      expect(await listIdentities(actor, { persons: [code] })).toEqual({ ok: false, refusal: 'forbidden' })
      // The database holds even where the code would err.
      const direct = withActor(actor, async (tx) =>
        ok(await tx.$queryRaw<unknown[]>`SELECT 1 FROM app.read_identity(${[id]}::uuid[], '{}'::jsonb)`),
      ).catch((error: unknown) => ({ ok: true, value: String(error) }))
      expect(String((await direct).ok && JSON.stringify(await direct))).toMatch(/"value":\[\]|permission denied/)
    }
  })
})

describe('the team of a person', () => {
  it('trap T16: ends with the assignment, for identity, profile and safe contact at once', async () => {
    const agency = await office(owner)
    const { code, id } = await personOf(agency)
    const file = await caseOf(agency, id, false)
    const second = await memberOf(owner, agency.agency.id, ['caseworker'], agency.unit)
    await owner`
      INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id)
      VALUES (${newId()}, ${file.id}, ${id}, ${agency.agency.id}, ${agency.agency.id}, ${second.member})`
    expect(valueOf(await readIdentity(second, { person: code })).names).toHaveLength(2)
    valueOf(
      await withActor(agency.caseworker, async (tx) => {
        await tx.$queryRaw`SELECT app.end_assignment(${file.id}::uuid, ${second.member}::uuid)`
        return ok()
      }),
    )
    expect(await readIdentity(second, { person: code })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(valueOf(await viewPerson(second, { person: code }))).toMatchObject({
      team: false,
      profile: null,
      safeContact: null,
    })
    expect(valueOf(await searchPersons(second, { query: 'Quetzalli Zephyrine' })).hits).toMatchObject([{ team: false }])
  })
})

describe('a look at an identity', () => {
  it('invariant 2: can’t be had by reading the table', async () => {
    const agency = await office(owner)
    const { id } = await personOf(agency)
    const direct = withActor(agency.caseworker, async (tx) =>
      ok(await tx.personIdentity.findMany({ where: { personId: id } })),
    )
    await expect(direct).rejects.toThrow(/permission denied/)
  })

  it('invariant 2: fails when it can’t be recorded', async () => {
    const agency = await office(owner)
    const { code } = await personOf(agency)
    const definer = `${database.rolePrefix}definer`
    await owner`REVOKE INSERT ON audit_event FROM ${owner(definer)}`
    try {
      await expect(readIdentity(agency.caseworker, { person: code })).rejects.toThrow()
      await expect(listIdentities(agency.caseworker, { persons: [code] })).rejects.toThrow()
      await expect(viewPerson(agency.caseworker, { person: code })).rejects.toThrow()
      await expect(searchPersons(agency.caseworker, { query: 'Quetzalli' })).rejects.toThrow()
      await expect(registerPerson(agency.caseworker, {})).rejects.toThrow()
    } finally {
      await owner`GRANT INSERT ON audit_event TO ${owner(definer)}`
    }
    expect(valueOf(await readIdentity(agency.caseworker, { person: code })).code).toBe(code)
  })

  it('is refused on record to whoever is off the team', async () => {
    const agency = await office(owner)
    const { code } = await personOf(agency)
    await readIdentity(agency.colleague, { person: code })
    const [last] = await owner`SELECT type, outcome, subject, actor_id FROM audit_event ORDER BY id DESC LIMIT 1`
    expect(last).toEqual({
      type: 'access.refused',
      outcome: 'forbidden',
      subject: code,
      actor_id: agency.colleague.member,
    })
  })
})

describe('what the database holds of an identity', () => {
  it('C01, L06: is readable in no column of any table', async () => {
    const agency = await office(owner)
    const { code } = await personOf(agency)
    await searchPersons(agency.caseworker, { query: 'Quetzalli Zephyrine' })
    await changePerson(agency.caseworker, {
      person: code,
      version: 1,
      ...registerPersonInput.parse({ identity: { phones: ['+43 699 87654322'] } }),
    })
    const tables = await owner<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'`
    let rows = 0
    for (const { name } of tables) {
      for (const { row } of await owner<{ row: string }[]>`SELECT t::text AS row FROM ${owner(name)} t`) {
        rows += 1
        expect(row, name).not.toMatch(MARKS)
        // Bytes are printed as hex.
        for (const [, hex = ''] of row.matchAll(/\\\\x([0-9a-f]{8,})/g)) {
          expect(Buffer.from(hex, 'hex').toString('utf8'), name).not.toMatch(MARKS)
        }
      }
    }
    expect(rows).toBeGreaterThan(50)
  })

  it('C02: does not open in another row, version, column or agency', async () => {
    const [one, two] = [await office(owner), await office(owner)]
    const [a, b] = [await personOf(one), await personOf(one)]
    const foreign = await personOf(two)
    const sealedOf = async (person: string, table = 'person_identity') =>
      (
        await owner<
          { sealed: Uint8Array }[]
        >`SELECT sealed FROM ${owner(table)} WHERE person_id = ${person} ORDER BY version LIMIT 1`
      )[0]?.sealed
    const put = (person: string, sealed: Uint8Array | undefined, version = 1) =>
      owner`UPDATE person_identity SET sealed = ${sealed ?? null} WHERE person_id = ${person} AND version = ${version}`
    const own = await sealedOf(a.id)

    for (const moved of [await sealedOf(b.id), await sealedOf(foreign.id), await sealedOf(a.id, 'safe_contact')]) {
      await put(a.id, moved)
      await expect(readIdentity(one.caseworker, { person: a.code })).rejects.toThrow(/did not open/)
      await expect(listIdentities(one.caseworker, { persons: [a.code] })).rejects.toThrow(/did not open/)
    }
    await put(a.id, own)
    expect(valueOf(await readIdentity(one.caseworker, { person: a.code })).names).toHaveLength(2)

    // An older version can't be passed off as the newest.
    valueOf(
      await changePerson(one.caseworker, {
        person: a.code,
        version: 1,
        ...registerPersonInput.parse({ identity: { names: ['New'] } }),
      }),
    )
    await put(a.id, own, 2)
    await expect(readIdentity(one.caseworker, { person: a.code })).rejects.toThrow(/did not open/)

    // Neither can another person's key.
    await owner`UPDATE person_key SET wrapped = (SELECT wrapped FROM person_key WHERE person_id = ${a.id}) WHERE person_id = ${b.id}`
    await expect(readIdentity(one.caseworker, { person: b.code })).rejects.toThrow(/did not open/)
  })

  it('C05: search tokens are ten bytes, keyed for each agency, and not to be made without the key', async () => {
    const [one, two] = [await office(owner), await office(owner)]
    const [a, b] = [await personOf(one), await personOf(two)]
    const tokensOf = async (person: string) =>
      (await owner<{ token: Uint8Array }[]>`SELECT token FROM search_token WHERE person_id = ${person}`).map(
        ({ token }) => Buffer.from(token).toString('hex'),
      )
    const [ours, theirs] = [await tokensOf(a.id), await tokensOf(b.id)]
    expect(ours.length).toBe(theirs.length)
    expect(ours.every((token) => token.length === TOKEN_BYTES * 2)).toBe(true)
    expect(ours.filter((token) => theirs.includes(token))).toEqual([])

    const guessed = identityTokens({ names: ['Quetzalli Zephyrine'] }, 'XX')
    const wrongKey = newKey(one.agency.id)
    for (const { kind, value } of guessed) expect(ours).not.toContain(indexToken(wrongKey, kind, value).toString('hex'))
    const [keys] = await owner`SELECT count(*)::int AS n FROM agency_key WHERE octet_length(wrapped) = 32`
    expect(keys?.['n']).toBe(0)
  })
})
