'use server'
import { addUnitInput, closeUnitInput, moveMembersInput, renameUnitInput, unitInput } from '@/lib/agencies/unit-schema'
import { addUnit, closeUnit, moveMembers, renameUnit, takeUnplacedCases } from '@/lib/agencies/unit-service'
import { formAction } from '@/lib/forms/form-action'

/** Makes a unit. */
export const addUnitAction = formAction(addUnitInput, (actor, input, { key }) => addUnit(actor, input, key), {
  onOk: ({ unit }) => ({ to: `/admin/units/${unit}`, flash: { message: 'units.added' } }),
})

/** Gives a unit another name. */
export const renameUnitAction = formAction(renameUnitInput, renameUnit, {
  onOk: ({ unit }) => ({ to: `/admin/units/${unit}`, flash: { message: 'units.renamed' } }),
})

/** Moves colleagues into a unit. */
export const moveMembersAction = formAction(moveMembersInput, moveMembers, {
  onOk: ({ unit }) => ({ to: `/admin/units/${unit}`, flash: { message: 'units.moved' } }),
  reasons: { own_record: 'units.own_record' },
})

/** Takes the cases that stand in no unit into one. */
export const takeUnplacedCasesAction = formAction(unitInput, takeUnplacedCases, {
  onOk: ({ unit }) => ({ to: `/admin/units/${unit}`, flash: { message: 'units.placed' } }),
})

/** Closes a unit; its members and cases go where the form says. */
export const closeUnitAction = formAction(closeUnitInput, closeUnit, {
  onOk: () => ({ to: '/admin/units', flash: { message: 'units.closed' } }),
  reasons: { own_record: 'units.close.own' },
})
