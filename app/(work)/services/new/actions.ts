'use server'

import { chooseCaseInput } from '@/lib/assistance/services/form-schema'
import { chooseCase } from '@/lib/assistance/services/form-service'
import { formAction } from '@/lib/forms/form-action'

export const chooseCaseAction = formAction(chooseCaseInput, (actor, input) => chooseCase(actor, input), {
  onOk: ({ code }) => `/cases/${code}/services/new`,
})
