'use server'
import { setOwnAbsenceInput } from '@/lib/agencies/staffing-schema'
import { setOwnAbsence } from '@/lib/agencies/staffing-service'
import { formAction } from '@/lib/forms/form-action'
import { STAFFING_REASONS } from '../../team/reasons'

/** Says of oneself that one is away, and who stands in. */
export const setOwnAbsenceAction = formAction(
  setOwnAbsenceInput,
  (actor, input, { key }) => setOwnAbsence(actor, input, key),
  {
    onOk: () => ({ to: '/profile/absence', flash: { message: 'staffing.absence.done' } }),
    reasons: STAFFING_REASONS,
  },
)
