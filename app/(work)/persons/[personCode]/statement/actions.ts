'use server'

import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { ok } from '@/lib/platform/result'
import { makeStatementInput } from '@/lib/reporting/statement/schema'
import { makeStatement } from '@/lib/reporting/statement/service'

/** Makes the statement, once: the ledger has one line for each that is handed over. */
export const makeStatementAction = formAction(
  makeStatementInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'statement',
      input,
      run: () => makeStatement(actor, input),
      again: (made) => Promise.resolve(ok({ code: made, person: input.person })),
    }),
  {
    onOk: ({ code, person }, { language }) => `/persons/${person}/statement/print?line=${code}&language=${language}`,
    reasons: { erased: 'statement.errors.erased' },
  },
)
