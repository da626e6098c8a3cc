import type postgres from 'postgres'

import { withActor } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import { newPersonKey, sealUnder } from '@/lib/people/sealing'
import { newCode, newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { office, type Office } from '@/tests/factories/office'

export type OneCase = Office & {
  readonly person: string
  readonly personCode: string
  readonly case: string
  readonly service: string
  readonly contact: string
}

/** One row in every table with case data, written table by table as the application's role: for tests of the database itself. */
export async function seedOneCase(owner: postgres.Sql): Promise<OneCase> {
  const agency = await office(owner)
  const both = { holderAgencyId: agency.agency.id, agencyId: agency.agency.id }
  const [person, caseId, service, contact] = [newId(), newId(), newId(), newId()]
  const personCode = newCode('AMP')
  const by = agency.caseworker.member
  const written = await withActor(agency.caseworker, async (tx) => {
    await tx.person.create({ data: { id: person, code: personCode, registeredById: by, birthBand: 1995, ...both } })
    const { key, row } = await newPersonKey(tx, person)
    const sealed = (table: string, id: string, text: string) =>
      sealUnder(key, agency.agency.id, { table, column: 'sealed', row: id }, text)
    await tx.personKey.create({ data: row })
    await tx.personIdentity.createMany({
      data: [
        { personId: person, version: 1, writtenById: by, sealed: sealed('person_identity', person, '{}'), ...both },
      ],
    })
    await tx.safeContact.create({
      data: { personId: person, version: 1, writtenById: by, sealed: sealed('safe_contact', person, '{}'), ...both },
    })
    await tx.personProfile.create({ data: { personId: person, ...both } })
    await tx.searchToken.create({ data: { personId: person, token: Uint8Array.from([1, 2, 3]), weight: 1, ...both } })
    await tx.caseFile.create({
      data: {
        id: caseId,
        code: newCode('CAS'),
        personId: person,
        leadAgencyId: agency.agency.id,
        unitId: agency.unit,
        number: 1,
        openedOn: new Date('2026-01-05'),
        ...both,
      },
    })
    await tx.caseContent.create({ data: { caseId, personId: person, ...both } })
    await tx.need.create({
      data: {
        id: newId(),
        code: newCode('NED'),
        caseId,
        personId: person,
        category: 'legal',
        foundOn: new Date('2026-01-05'),
        foundById: by,
        contactDueAt: new Date('2026-01-19'),
        ...both,
      },
    })
    await tx.service.create({
      data: {
        id: service,
        code: newCode('SVC'),
        caseId,
        personId: person,
        category: 'legal',
        type: 'information_advice',
        deliveredOn: new Date('2026-01-06'),
        workerId: by,
        hasNote: true,
        ...both,
      },
    })
    await tx.serviceMandate.createMany({
      data: ['6(b)', '9'].map((paragraph) => ({ serviceId: service, paragraph, reason: 'category', ...both })),
    })
    await tx.serviceDetail.create({ data: { serviceId: service, caseId, ...both } })
    const note = newId()
    await tx.serviceNote.createMany({
      data: [
        {
          id: note,
          serviceId: service,
          caseId,
          writtenById: by,
          sealed: sealed('service_note', note, 'Kind words'),
          ...both,
        },
      ],
    })
    await tx.serviceVersion.createMany({
      data: [
        {
          serviceId: service,
          version: 1,
          caseId,
          line: {},
          reason: sealed('service_version', service, 'Wrong day'),
          changedById: by,
          ...both,
        },
      ],
    })
    await tx.contactEntry.create({
      data: {
        id: contact,
        code: newCode('CTC'),
        caseId,
        personId: person,
        kind: 'call',
        outcome: 'reached',
        occurredAt: new Date('2026-01-06T10:00:00Z'),
        workerId: by,
        hasText: true,
        ...both,
      },
    })
    await tx.contactText.createMany({
      data: [{ contactId: contact, caseId, sealed: sealed('contact_text', contact, 'Spoke briefly'), ...both }],
    })
    await tx.task.create({
      data: {
        id: newId(),
        code: newCode('TSK'),
        caseId,
        personId: person,
        ownerId: by,
        kind: 'follow_up',
        dueAt: new Date('2026-01-07'),
        ...both,
      },
    })
    await tx.$queryRaw`SELECT person_id FROM app.read_identity(${[person]}::uuid[], ${lookOf(tx, 'case')}::jsonb)`
    return ok(undefined)
  })
  if (!written.ok) throw new Error('The case was not written')
  return { ...agency, person, personCode, case: caseId, service, contact }
}
