import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Actor, Role } from '@/lib/access/actor'
import { MIGRATION_STATUSES } from '@/lib/people/codes'

import { actsOn, mayChange, mayChangeTeam, mayRestrict } from './policy'
import { CASE_STATUSES, IDENTIFICATION_STATUSES, THREE_WAY } from './schema'

const ROLES: readonly Role[] = ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin']
const actorWith = (roles: readonly Role[], agency = 'a') => ({ roles, agency }) as unknown as Actor

const standing = fc.record({
  agency: fc.constantFrom('a', 'b'),
  status: fc.constantFrom(...CASE_STATUSES),
  onTeam: fc.boolean(),
  inEmergency: fc.constant(false),
})
const roles = fc.subarray([...ROLES], { minLength: 1 })

describe('who may work on a case', () => {
  it('invariant 7: identification, cooperation and residency status change no permission', () => {
    const traits = fc.record({
      identification: fc.constantFrom(...IDENTIFICATION_STATUSES),
      takesPart: fc.constantFrom(...THREE_WAY),
      wantsSupport: fc.constantFrom(...THREE_WAY),
      migrationStatus: fc.constantFrom(null, ...MIGRATION_STATUSES),
    })
    fc.assert(
      fc.property(roles, standing, traits, traits, (held, given, one, other) => {
        const actor = actorWith(held)
        expect(actsOn(actor, { ...given, ...one })).toEqual(actsOn(actor, { ...given, ...other }))
      }),
    )
  })

  it('takes a case role, the team and the own agency, all three', () => {
    fc.assert(
      fc.property(roles, standing, (held, given) => {
        const may =
          held.some((role) => role === 'caseworker' || role === 'supervisor') && given.onTeam && given.agency === 'a'
        const actor = actorWith(held)
        return [mayChange, mayRestrict, mayChangeTeam].every((decide) => decide(actor, given) === may)
      }),
    )
  })

  it('T15: leaves out, in an emergency, who works on the case and whether it goes on', () => {
    const actor = actorWith(['supervisor'])
    const guest = { agency: 'a', onTeam: true, inEmergency: true } as const
    expect(actsOn(actor, { ...guest, status: 'active' })).toEqual({
      change: true,
      restrict: false,
      close: false,
      reopen: false,
      team: false,
    })
    expect(actsOn(actor, { ...guest, status: 'closed' })).toMatchObject({ change: false, reopen: false })
  })

  it('offers on a closed case nothing but to reopen it, and on an open one all but that', () => {
    const actor = actorWith(['caseworker'])
    expect(actsOn(actor, { agency: 'a', status: 'closed', onTeam: true, inEmergency: false })).toMatchObject({
      change: false,
      close: false,
      reopen: true,
    })
    expect(actsOn(actor, { agency: 'a', status: 'active', onTeam: true, inEmergency: false })).toMatchObject({
      change: true,
      close: true,
      reopen: false,
    })
  })
})
