import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { addListedServiceInput, type AddListedServiceInput } from '@/lib/directory/schema'
import { addListedService, findListedServiceIn, setReceivers } from '@/lib/directory/service'
import { ok } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import type { Office } from '@/tests/factories/office'

/** An entry as a form sends it, with what a test cares about in place of the usual. */
export function offer(over: Readonly<Record<string, unknown>> = {}): AddListedServiceInput {
  return addListedServiceInput.parse({
    category: 'legal',
    type: 'information_advice',
    name: 'Advice',
    unit: 'places',
    available: 3,
    maximum: 10,
    ...over,
  })
}

type Answering = { readonly receivers?: readonly Actor[]; readonly standIns?: readonly Actor[] }

/** A service that an agency lists; its first caseworker receives unless told otherwise. */
export async function listedService(
  office: Office,
  over: Readonly<Record<string, unknown>> = {},
  { receivers = [office.caseworker], standIns = [] }: Answering = {},
): Promise<{ readonly id: string; readonly code: string }> {
  const made = valueOf(await addListedService(office.supervisor, offer(over)))
  const { id, code, version } = valueOf(
    await withActor(office.supervisor, async (tx) => ok(await findListedServiceIn(tx, made.code))),
  ) ?? { id: '', code: '', version: 0 }
  if (receivers.length + standIns.length > 0)
    valueOf(
      await setReceivers(office.supervisor, {
        service: code,
        version,
        receivers: await codesOf(office, receivers),
        standIns: await codesOf(office, standIns),
      }),
    )
  return { id, code }
}

/** The codes of members, by which forms name them. */
export async function codesOf(office: Office, members: readonly Actor[]): Promise<string[]> {
  return valueOf(
    await withActor(office.supervisor, async (tx) => {
      const rows = await tx.member.findMany({
        where: { id: { in: members.map(({ member }) => member) } },
        select: { code: true },
      })
      return ok(rows.map(({ code }) => code))
    }),
  )
}

/** An area of a network. */
export async function networkArea(owner: postgres.Sql, network: string, key: string): Promise<string> {
  await owner`INSERT INTO network_area (network_id, key, name) VALUES (${network}, ${key}, ${`${key} district`}) ON CONFLICT DO NOTHING`
  return key
}
