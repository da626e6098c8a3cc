'use server'
import { absenceInput, coverInput, setAbsenceInput, setCoverInput } from '@/lib/agencies/staffing-schema'
import { endAbsence, endCover, setAbsence, setCover } from '@/lib/agencies/staffing-service'
import type { Actor } from '@/lib/access/actor'
import { formAction, type NextPage } from '@/lib/forms/form-action'
import { ok, type Result } from '@/lib/platform/result'
import { handOverInput } from '@/lib/cases/hand-over/schema'
import { handOver } from '@/lib/cases/hand-over/service'
import { STAFFING_REASONS } from './reasons'

/** Puts a colleague on duty cover. An administrator who leads no team goes back to the units. */
export const setCoverAction = formAction(
  setCoverInput,
  async (actor, input, { key }) => wayBack(await setCover(actor, input, key), actor, '/admin/units'),
  { onOk: (to): NextPage => ({ to, flash: { message: 'staffing.cover.done' } }), reasons: STAFFING_REASONS },
)

/** Ends a cover before its time. */
export const endCoverAction = formAction(
  coverInput,
  async (actor, input) => wayBack(await endCover(actor, input), actor, '/admin/units'),
  { onOk: (to): NextPage => ({ to, flash: { message: 'staffing.cover.ended' } }), reasons: STAFFING_REASONS },
)

/** Says that a member of the unit is away, and who stands in. */
export const setAbsenceAction = formAction(setAbsenceInput, (actor, input, { key }) => setAbsence(actor, input, key), {
  onOk: () => ({ to: '/team', flash: { message: 'staffing.absence.done' } }),
  reasons: STAFFING_REASONS,
})

/** Ends an absence before its time. Whoever leads no team has ended their own. */
export const endAbsenceAction = formAction(
  absenceInput,
  async (actor, input) => wayBack(await endAbsence(actor, input), actor, '/profile/absence'),
  { onOk: (to): NextPage => ({ to, flash: { message: 'staffing.absence.ended' } }), reasons: STAFFING_REASONS },
)

/** Hands over cases that wait, in batches; what one press leaves, the next goes on with. */
export const handOverAction = formAction(handOverInput, handOver, {
  onOk: ({ done, left }, { scope, members }) =>
    scope === 'all' && left > 0
      ? {
          to: `/team/hand-over?${new URLSearchParams(members.map((code) => ['to', code])).toString()}`,
          flash: { message: 'staffing.hand_over.going_on', values: { count: done, left } },
        }
      : {
          to: left > 0 ? '/team/hand-over' : '/team',
          flash: { message: 'staffing.hand_over.done', values: { count: done } },
        },
  reasons: STAFFING_REASONS,
})

/** Where to go on: a supervisor's team, or the page that this was reached from by whoever leads none. */
function wayBack(result: Result<undefined>, actor: Actor, other: string): Result<string> {
  return result.ok ? ok(actor.roles.includes('supervisor') ? '/team' : other) : result
}
