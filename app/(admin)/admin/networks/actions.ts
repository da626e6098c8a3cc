'use server'

import {
  addAreaInput,
  addHolidayInput,
  changeNetworkInput,
  removeAreaInput,
  removeHolidayInput,
} from '@/lib/agencies/network-schema'
import { addArea, addHoliday, changeNetwork, removeArea, removeHoliday } from '@/lib/agencies/network-service'
import { formAction } from '@/lib/forms/form-action'
import { networkConflict } from './network-conflict'

/** Saves what a network sets; when somebody else saved first, both values of each field that differs come back. */
export const changeNetworkAction = formAction(changeNetworkInput, (actor, input) => changeNetwork(actor, input), {
  onOk: (_, { network }) => ({ to: `/admin/networks/${network}`, flash: { message: 'networks.change.done' } }),
  onStale: networkConflict,
})

export const addHolidayAction = formAction(addHolidayInput, (actor, input) => addHoliday(actor, input), {
  onOk: (_, { network }) => ({ to: `/admin/networks/${network}`, flash: { message: 'networks.holiday.added' } }),
})

export const removeHolidayAction = formAction(removeHolidayInput, (actor, input) => removeHoliday(actor, input), {
  onOk: (_, { network }) => ({ to: `/admin/networks/${network}`, flash: { message: 'networks.holiday.removed' } }),
})

export const addAreaAction = formAction(addAreaInput, (actor, input) => addArea(actor, input), {
  onOk: (_, { network }) => ({ to: `/admin/networks/${network}`, flash: { message: 'networks.area.added' } }),
})

export const removeAreaAction = formAction(removeAreaInput, (actor, input) => removeArea(actor, input), {
  onOk: (_, { network }) => ({ to: `/admin/networks/${network}`, flash: { message: 'networks.area.removed' } }),
})
