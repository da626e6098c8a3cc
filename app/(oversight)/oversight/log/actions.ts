'use server'
import { formAction } from '@/lib/forms/form-action'
import { dropViewInput, keepViewInput, renameViewInput } from '@/lib/oversight/views/schema'
import { dropView, keepView, renameView } from '@/lib/oversight/views/service'
import { logAddress } from './log-address'

const VIEWS = '/oversight/log/views'

/** Keeps the log's filters under a name, and stays with them. */
export const keepViewAction = formAction(keepViewInput, keepView, {
  onOk: ({ name: _, ...filters }) => ({ to: logAddress(filters), flash: { message: 'oversight.views.kept' } }),
  reasons: { too_many_views: 'oversight.views.errors.many' },
})

/** Gives a view another name. */
export const renameViewAction = formAction(renameViewInput, renameView, {
  onOk: () => ({ to: VIEWS, flash: { message: 'oversight.views.renamed' } }),
})

/** Removes a view; the log keeps everything it was of. */
export const dropViewAction = formAction(dropViewInput, dropView, {
  onOk: () => ({ to: VIEWS, flash: { message: 'oversight.views.dropped' } }),
})
