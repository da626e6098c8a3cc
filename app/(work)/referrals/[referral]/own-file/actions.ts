'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { openOwnFile, rebaseOwnFile } from '@/lib/referrals/own-file/open-service'
import { endOwnFileInput, openOwnFileForm, rebaseOwnFileForm, type OwnFileView } from '@/lib/referrals/own-file/schema'
import { endOwnFile, viewOwnFile } from '@/lib/referrals/own-file/service'

const REASONS = {
  no_package: 'own_files.refused.no_package',
  no_basis: 'own_files.refused.no_basis',
  exists: 'own_files.refused.exists',
  ended: 'own_files.refused.ended',
  case_open: 'own_files.refused.case_open',
  erased: 'own_files.refused.erased',
  wrong_state: 'own_files.refused.wrong_state',
  case_closed: 'cases.errors.case_closed',
}

const after = (message: string) => ({
  onOk: ({ code }: OwnFileView) => ({ to: `/referrals/${code}/own-file`, flash: { message } }),
  reasons: REASONS,
})

/** Opens a file of the agency's own, once. */
export const openOwnFileAction = formAction(
  openOwnFileForm,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'own-file',
      input,
      run: () => openOwnFile(actor, input),
      again: (made) => viewOwnFile(actor, { referral: made }),
    }),
  after('own_files.done.opened'),
)

export const rebaseOwnFileAction = formAction(
  rebaseOwnFileForm,
  (actor, input) => rebaseOwnFile(actor, input),
  after('own_files.done.rebased'),
)

export const endOwnFileAction = formAction(
  endOwnFileInput,
  (actor, input) => endOwnFile(actor, input),
  after('own_files.done.ended'),
)
