'use server'

import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput, voidServiceInput } from '@/lib/assistance/services/schema'
import { formAction } from '@/lib/forms/form-action'
import { revealAction } from '@/lib/forms/reveal-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { viewService } from '@/lib/assistance/services/service'
import { getFormat } from '@/lib/i18n/get-format'
import { ok } from '@/lib/platform/result'
import { flaggedNote } from '../../../../services/flagged-note'
import { amendmentConflict } from './conflict'

/** A form shows every field, so one that comes back empty was emptied. */
const EMPTIED = {
  endedOn: null,
  need: null,
  mode: null,
  placeKind: null,
  minutes: null,
  interpreterUsed: null,
  interpreterLanguage: null,
  amount: null,
  currency: null,
  origin: null,
  outcome: null,
} as const

export const amendServiceAction = formAction(
  amendServiceInput,
  async (actor, input) => flaggedNote(await amendService(actor, { ...EMPTIED, ...input })),
  {
    onOk: (service) => ({
      to: `/cases/${service.case}/services/${service.code}`,
      flash: {
        message: 'assistance.service.amend.done',
        code: service.code,
        paragraphs: service.mandate.map(({ paragraph }) => paragraph),
      },
    }),
    reasons: {
      nothing_changed: 'assistance.service.amend.nothing_changed',
      no_basis: 'assistance.service.granted.no_basis',
    },
    onStale: amendmentConflict,
  },
)

export const voidServiceAction = formAction(
  voidServiceInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'void-service',
      input,
      run: () => voidService(actor, input),
      again: (made) => viewService(actor, { service: made }),
    }),
  {
    onOk: (service) => ({
      to: `/cases/${service.case}/services/${service.code}`,
      flash: { message: 'assistance.service.void.done', code: service.code },
    }),
  },
)

export const readNotesAction = revealAction(async (actor, { subject }) => {
  const read = await readServiceNotes(actor, { service: subject })
  if (!read.ok) return read
  const { moment } = await getFormat()
  return ok(
    read.value.map(({ text, writtenBy, writtenAt }) => ({
      label: `${writtenBy}, ${moment(new Date(writtenAt))}`,
      value: text,
    })),
  )
})
