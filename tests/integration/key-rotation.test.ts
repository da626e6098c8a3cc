import { setTimeout as sleep } from 'node:timers/promises'

import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { readContactText, voidContact } from '@/lib/assistance/contacts/service'
import { amendService } from '@/lib/assistance/services/amend-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { viewService } from '@/lib/assistance/services/service'
import { openEmergency, viewEmergency } from '@/lib/cases/emergency/service'
import { changeCase, viewCase } from '@/lib/cases/service'
import { rotateKey } from '@/lib/oversight/keys/operator-service'
import { stepRotations } from '@/lib/oversight/keys/rotate-service'
import type { RotationTarget } from '@/lib/oversight/keys/schema'
import { changePerson } from '@/lib/people/change-service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'
import { personKey } from '@/lib/people/sealing'
import { openClientSecret, sealClientSecret } from '@/lib/platform/crypto/client-secret'
import { openText, sealedUnder } from '@/lib/platform/crypto/envelope'
import {
  newKey,
  newMasterKeyLine,
  parseMasterKeys,
  unwrapAgencyKey,
  wrapPersonKey,
} from '@/lib/platform/crypto/key-tree'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'
import { newCode, newId } from '@/lib/platform/ids'
import { ok, type Result } from '@/lib/platform/result'
import { loggedContact, loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { office } from '@/tests/factories/office'
import { killedAfterFirstStep } from '@/tests/support/killed-rotation'
import { database, harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

type Known = {
  readonly id: string
  readonly code: string
  readonly case: string
  readonly service: string
  readonly contact: string
}

const NAMES = ['Marisol Quispe', 'Abebe Tadesse', '林小雨']
const MANY = 200
let known: readonly Known[]
let load: Load
let emergency: string | null
const SHARED = 'shared with the provider'

beforeAll(async () => {
  known = await Promise.all(NAMES.map((name) => personWithEverything(harbour.caseworker, name)))
  await addPersons(MANY)
  // Enough keys that a change of the master key is still under way when it is killed.
  for (let more = 0; more < 12; more += 1) await office(owner)
  emergency = valueOf(
    await openEmergency(harbour.colleague, {
      code: known[0]?.case ?? '',
      reason: 'danger',
      words: 'They called for help',
    }),
  ).access
  await owner`
    INSERT INTO identity_provider (agency_id, issuer, client_id, client_secret)
    VALUES (${harbour.agency.id}, 'https://provider.example', 'amparo', ${Buffer.from(sealClientSecret(harbour.agency.id, SHARED))})`
  load = new Load(harbour.caseworker, known)
})

afterAll(async () => {
  await load.stop()
  await closeWorker()
})

describe('C03: while colleagues read and write', () => {
  it('an agency’s key changes, is killed in the middle, goes on, and every read succeeds', async () => {
    await killedAfterFirstStep(database.ownerUrl, { kind: 'agency', agency: harbour.agency.key }, 10)
    expect(await wrapVersions()).toEqual([1, 2])
    const done = await finish({ kind: 'agency', agency: harbour.agency.key })
    expect(done).toMatchObject({ state: 'settling', toVersion: 2, done: done.total })
    expect(await wrapVersions()).toEqual([2])
    await load.expectNoFailure()
  })

  it('the master key changes, is killed in the middle, goes on, and every read succeeds', async () => {
    process.env['AMPARO_MASTER_KEY'] = `${process.env['AMPARO_MASTER_KEY'] ?? ''}\n${newMasterKeyLine(2)}`
    forgetEnv()
    await killedAfterFirstStep(database.ownerUrl, { kind: 'master' }, 1)
    expect(await masterVersions()).toEqual([1, 2])
    await finish({ kind: 'master' })
    expect(await masterVersions()).toEqual([2])
    await load.expectNoFailure()
  })

  it('a person’s key changes with everything sealed under it, and every read and write succeeds', async () => {
    for (const { code } of known) await rotate({ kind: 'person', person: code })
    for (const { code } of known) await rotate({ kind: 'person', person: code })
    for (const { id } of known) expect(await versionOf(id)).toBe(3)
    await load.expectNoFailure()
  })

  it('a person’s change is all or nothing: killed while somebody works with them, nothing has moved', async () => {
    const [first] = known
    if (first === undefined) throw new Error('No person')
    const before = await versionOf(first.id)
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const working = withActor(harbour.caseworker, async (tx) => {
      await personKey(tx, first.id)
      await held
      return ok(undefined)
    })
    await killedAfterFirstStep(database.ownerUrl, { kind: 'person', person: first.code }, 1)
    expect(await versionOf(first.id)).toBe(before)
    release()
    await working
    await finish({ kind: 'person', person: first.code })
    expect(await versionOf(first.id)).toBe(before + 1)
    await load.expectNoFailure()
  })
})

describe('C03: afterwards', () => {
  beforeAll(async () => {
    await load.stop()
    await owner`UPDATE key_rotation SET moved_at = moved_at - interval '2 hours'`
    await stepRotations()
  })

  it('nothing stands under an old version but reasons in the log, whose key stays for them alone', async () => {
    const found = await sealedValues()
    expect(found.length).toBeGreaterThan(20)
    const old = found.filter(({ version, newest }) => version !== newest)
    expect([...new Set(old.map(({ place }) => place))]).toEqual(['audit_event.reason'])
    const kept = await owner<{ person: string; version: number }[]>`
      SELECT person_id AS person, version FROM person_key_old ORDER BY 1, 2`
    const needed = new Set(old.map(({ key, version }) => `${key} ${String(version)}`))
    expect(new Set(kept.map(({ person, version }) => `${person} ${String(version)}`))).toEqual(needed)
  })

  it('the reason of an emergency access and the secret of a provider still open', async () => {
    const seen = valueOf(await viewEmergency(harbour.colleague, { access: emergency ?? '' }))
    expect(seen.words).toBe('They called for help')
    const [row] = await owner<{ secret: Uint8Array }[]>`SELECT client_secret AS secret FROM identity_provider`
    expect(sealedUnder(row?.secret ?? new Uint8Array()).version).toBe(2)
    expect(openClientSecret(harbour.agency.id, row?.secret ?? new Uint8Array())).toBe(SHARED)
  })

  it('reasons in the log still open', async () => {
    const events = await owner<{ person: string; subject: string; reason: Uint8Array }[]>`
      SELECT person_id AS person, subject, reason FROM audit_event WHERE reason IS NOT NULL AND type = 'contact.voided'`
    expect(events.length).toBe(NAMES.length)
    for (const { person, subject, reason } of events) {
      const place = { table: 'audit_event', column: 'reason', row: subject, agency: harbour.agency.id }
      const text = await withActor(harbour.caseworker, async (tx) =>
        ok(openText(await personKey(tx, person), place, reason)),
      )
      expect(text).toEqual(ok('Entered twice'))
    }
  })

  it('the new master key alone opens every agency’s keys', async () => {
    const lines = (process.env['AMPARO_MASTER_KEY'] ?? '').split('\n')
    const alone = parseMasterKeys(lines.find((line) => line.startsWith('2:')) ?? '')
    const rows = await owner<{ agency: string; purpose: 'data' | 'index'; version: number; wrapped: Uint8Array }[]>`
      SELECT agency_id AS agency, purpose, version, wrapped FROM agency_key`
    for (const { agency, purpose, version, wrapped } of rows) {
      expect(unwrapAgencyKey(alone, purpose, agency, version, wrapped).bytes).toHaveLength(32)
    }
  })

  it('no person’s key can be wrapped under a key that is gone', async () => {
    const [first] = known
    await expect(
      owner`UPDATE person_key SET wrap_version = 1 WHERE person_id = ${first?.id ?? ''}`,
    ).rejects.toMatchObject({ code: '23503' })
  })

  it('each step stands in the log, of the person’s agency where it is about a person', async () => {
    const events = await owner<{ type: string; fields: string[]; n: number }[]>`
      SELECT type, fields, count(*)::int AS n FROM audit_event WHERE type LIKE 'key.ro%' OR type = 'key.dropped'
      GROUP BY type, fields ORDER BY fields, type`
    const seen = events.map(({ type, fields, n }) => `${fields.join()} ${type} ${String(n)}`)
    expect(seen).toEqual(
      expect.arrayContaining([
        'agency key.dropped 1',
        'agency key.rotated 1',
        'agency key.rotation-started 1',
        'master key.rotated 1',
        'master key.rotation-started 1',
        'person key.rotated 7',
        'person key.rotation-started 7',
      ]),
    )
  })

  it('erasing a person’s key takes its older versions along', async () => {
    const [first] = known
    const id = first?.id ?? ''
    const [before] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM person_key_old WHERE person_id = ${id}`
    expect(before?.n).toBeGreaterThan(0)
    await owner`DELETE FROM person_key WHERE person_id = ${id}`
    expect(await owner`SELECT 1 FROM person_key_old WHERE person_id = ${id}`).toHaveLength(0)
  })
})

describe('the worker', () => {
  it('T02: is handed keys and texts of a change that runs, and can begin none', async () => {
    const worker = postgres(database.workerUrl, { max: 1, onnotice: () => undefined })
    const [done] = await owner<
      { id: string }[]
    >`SELECT id FROM key_rotation WHERE kind = 'person' AND state = 'done' LIMIT 1`
    for (const id of [newId(), done?.id ?? newId()]) {
      expect(await worker`SELECT * FROM app.person_texts_at_work(${id})`).toHaveLength(0)
      expect(await worker`SELECT * FROM app.person_key_at_work(${id})`).toHaveLength(0)
      expect(await worker`SELECT * FROM app.agency_keys_at_work(${id})`).toHaveLength(0)
    }
    await expect(
      worker`SELECT app.operator_key_rotation(${newId()}, 'person', 'AMP-000000000', 0, NULL, NULL)`,
    ).rejects.toThrow(/permission denied/)
    await expect(worker`SELECT * FROM person_key`).rejects.toThrow(/permission denied/)
    await worker.end()
  })
})

// ---- changing

function rotate(target: RotationTarget) {
  return rotateKey(database.ownerUrl, target, { resume: false, onProgress: () => undefined })
}

function finish(target: RotationTarget) {
  return rotateKey(database.ownerUrl, target, { resume: true, onProgress: () => undefined })
}

// ---- looking at what is stored

async function wrapVersions(): Promise<number[]> {
  const rows = await owner<{ v: number }[]>`SELECT DISTINCT wrap_version AS v FROM person_key ORDER BY 1`
  return rows.map(({ v }) => v)
}

async function masterVersions(): Promise<number[]> {
  const rows = await owner<{ v: number }[]>`
    SELECT DISTINCT get_byte(wrapped, 17) * 256 + get_byte(wrapped, 18) AS v FROM agency_key ORDER BY 1`
  return rows.map(({ v }) => v)
}

async function versionOf(person: string): Promise<number> {
  const [row] = await owner<{ version: number }[]>`SELECT version FROM person_key WHERE person_id = ${person}`
  return row?.version ?? 0
}

/** Every value in any column of bytes that says it was sealed under a key of ours, with the key's newest version. */
async function sealedValues() {
  const columns = await owner<{ tab: string; col: string }[]>`
    SELECT table_name AS tab, column_name AS col FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'bytea' AND table_name NOT IN ('person_key_old')`
  const newest = new Map([['00000000-0000-0000-0000-000000000000', 2]])
  for (const { id, version } of await owner<{ id: string; version: number }[]>`
    SELECT person_id AS id, version FROM person_key UNION ALL
    SELECT agency_id, max(version) FROM agency_key WHERE purpose = 'data' GROUP BY agency_id`)
    newest.set(id, version)
  const found = await Promise.all(
    columns.map(async ({ tab, col }) => {
      const rows = await owner<{ key: string; version: number }[]>`
        SELECT encode(substring(${owner(col)} FROM 2 FOR 16), 'hex')::uuid AS key,
          get_byte(${owner(col)}, 17) * 256 + get_byte(${owner(col)}, 18) AS version
        FROM ${owner(tab)} WHERE length(${owner(col)}) >= 47 AND get_byte(${owner(col)}, 0) = 1`
      return rows.map((row) => ({ ...row, place: `${tab}.${col}` }))
    }),
  )
  return found.flat().flatMap((value) => {
    const version = newest.get(value.key)
    return version === undefined ? [] : [{ ...value, newest: version }]
  })
}

// ---- people

async function personWithEverything(actor: Actor, name: string): Promise<Known> {
  const code = await registeredPerson(
    actor,
    registerPersonInput.parse({ identity: { names: [name] }, safeContact: { codeWord: 'Mornings only' } }),
  )
  const opened = await openedCase(actor, { person: code })
  const service = await loggedService(actor, { case: opened.code, note: 'A kind note' })
  valueOf(
    await amendService(
      actor,
      amendServiceInput.parse({
        service: service.code,
        version: service.version,
        deliveredOn: '2026-01-05',
        reason: 'Wrong day',
      }),
    ),
  )
  valueOf(
    await changeCase(actor, {
      case: opened.code,
      version: opened.version,
      identification: 'actual',
      identifiedBy: 'Police',
      identificationReason: 'They were believed',
    }),
  )
  const contact = await loggedContact(actor, { case: opened.code, text: 'Spoke in the morning' })
  const twice = await loggedContact(actor, { case: opened.code, text: 'The same' })
  valueOf(await voidContact(actor, { contact: twice.code, reason: 'Entered twice' }))
  const [row] = await owner<{ id: string }[]>`SELECT id FROM person WHERE code = ${code}`
  return { id: row?.id ?? '', code, case: opened.code, service: service.code, contact: contact.code }
}

/** Persons of whom nothing but the key matters here. */
async function addPersons(count: number): Promise<void> {
  const { agency, caseworker } = harbour
  const master = parseMasterKeys(process.env['AMPARO_MASTER_KEY'] ?? '')
  const [row] = await owner<{ wrapped: Uint8Array }[]>`
    SELECT wrapped FROM agency_key WHERE agency_id = ${agency.id} AND purpose = 'data'`
  const data = unwrapAgencyKey(master, 'data', agency.id, 1, row?.wrapped ?? new Uint8Array())
  const both = { holder_agency_id: agency.id, agency_id: agency.id }
  const keys = Array.from({ length: count }, () => newKey(newId()))
  await owner`INSERT INTO person ${owner(keys.map(({ id }) => ({ id, code: newCode('AMP'), registered_by_id: caseworker.member, ...both })))}`
  await owner`INSERT INTO person_key ${owner(
    keys.map((key) => ({ person_id: key.id, wrap_version: 1, wrapped: wrapPersonKey(data, key), ...both })),
  )}`
}

/** Colleagues at work: reads and writes through the services, over and over, until told to stop. */
class Load {
  #stopped = false
  #done = 0
  readonly #failures: string[] = []
  readonly #running: Promise<void>[]

  constructor(
    private readonly actor: Actor,
    persons: readonly Known[],
  ) {
    this.#running = persons.map((person, index) => this.#work(person, NAMES[index] ?? ''))
  }

  /** Waits until the load has worked through the present keys once more, then looks at what has failed. */
  async expectNoFailure(): Promise<void> {
    const until = this.#done + 7 * NAMES.length
    while (this.#done < until && this.#failures.length === 0) await sleep(20)
    expect(this.#failures).toEqual([])
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
  }

  async #work(known: Known, name: string): Promise<void> {
    const { actor } = this
    for (let round = 0; !this.#stopped; round += 1) {
      await this.#check('identity', () => readIdentity(actor, { person: known.code }), name)
      await this.#check('safe contact', () => viewPerson(actor, { person: known.code }), 'Mornings only')
      await this.#check('note', () => readServiceNotes(actor, { service: known.service }), 'A kind note')
      await this.#check('versions', () => viewService(actor, { service: known.service }), 'Wrong day')
      await this.#check('contact', () => readContactText(actor, { contact: known.contact }), 'Spoke in the morning')
      await this.#check('case', () => viewCase(actor, { case: known.case }), 'They were believed')
      await this.#check('write', () => this.#write(known, name, round), known.code)
    }
  }

  async #write(known: Known, name: string, round: number): Promise<Result<unknown>> {
    const now = valueOf(await viewPerson(this.actor, { person: known.code }))
    const names = [name, `Round ${String(round)}`]
    return changePerson(this.actor, {
      person: known.code,
      version: now.version,
      ...registerPersonInput.parse({ identity: { names } }),
    })
  }

  async #check(what: string, read: () => Promise<Result<unknown>>, expected: string): Promise<void> {
    try {
      const text = JSON.stringify(await read())
      if (!text.includes(expected)) this.#failures.push(`${what}: ${text.slice(0, 200)}`)
    } catch (error) {
      this.#failures.push(`${what}: ${String(error)}`)
    }
    this.#done += 1
  }
}
