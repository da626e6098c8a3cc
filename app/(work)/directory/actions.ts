'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import {
  addListedServiceInput,
  changeListedServiceForm,
  endListedServiceInput,
  setReceiversInput,
  updateRoomForm,
} from '@/lib/directory/schema'
import {
  addListedService,
  changeListedService,
  endListedService,
  setReceivers,
  updateRoom,
  viewListedService,
} from '@/lib/directory/service'
import { listedConflict } from './listed-conflict'
import { roomAfter } from './room-after'

const REASONS = { wrong_state: 'directory.wrong_state' }
const pageOf = ({ agency, code }: { readonly agency: string; readonly code: string }) => `/directory/${agency}/${code}`

/** Lists a service of the member's agency. */
export const addListedServiceAction = formAction(
  addListedServiceInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'listed-service',
      input,
      run: () => addListedService(actor, input),
      again: (made) => viewListedService(actor, { service: made }),
    }),
  {
    onOk: (service) => ({ to: pageOf(service), flash: { message: 'directory.form.added' } }),
    follows: { type: 'category' },
  },
)

/** Saves an entry; when somebody else saved first, both values of each field that differs come back. */
export const changeListedServiceAction = formAction(changeListedServiceForm, changeListedService, {
  onOk: (service) => ({ to: pageOf(service), flash: { message: 'directory.form.changed' } }),
  onStale: listedConflict,
  reasons: REASONS,
})

/** Sets who answers for a service. */
export const setReceiversAction = formAction(setReceiversInput, setReceivers, {
  onOk: (service) => ({ to: pageOf(service), flash: { message: 'directory.form.receivers_saved' } }),
  reasons: REASONS,
})

/** Ends an entry for good. */
export const endListedServiceAction = formAction(endListedServiceInput, endListedService, {
  onOk: () => ({ to: '/directory/own', flash: { message: 'directory.ending.done' } }),
  reasons: REASONS,
})

/** Says how much room there is: the number that was typed, or one press. */
export const updateRoomAction = formAction(
  updateRoomForm,
  (actor, input, { intent }) =>
    updateRoom(actor, {
      service: input.service,
      roomVersion: input.roomVersion,
      available: roomAfter(intent, input),
      maximum: undefined,
    }),
  { onOk: (service) => ({ to: pageOf(service), flash: { message: 'directory.room_saved' } }) },
)
