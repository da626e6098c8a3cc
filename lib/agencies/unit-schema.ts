import { z } from 'zod'

import type { MemberView } from './member-schema'

const unitCode = z.string().max(64)
const memberCodes = z
  .array(z.string().max(64), { error: 'units.members.required' })
  .min(1, { error: 'units.members.required' })
  .max(500)

export const unitName = z
  .string({ error: 'units.name.required' })
  .trim()
  .min(1, { error: 'units.name.required' })
  .max(80, { error: 'units.name.too_long' })
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, { error: 'units.name.not_valid' })

export const addUnitInput = z.strictObject({ name: unitName })
export type AddUnitInput = z.infer<typeof addUnitInput>

export const unitInput = z.strictObject({ unit: unitCode })
export type UnitInput = z.infer<typeof unitInput>

const version = z.coerce.number().int().positive()

export const renameUnitInput = z.strictObject({ unit: unitCode, name: unitName, version })
export type RenameUnitInput = z.infer<typeof renameUnitInput>

export const moveMembersInput = z.strictObject({ unit: unitCode, members: memberCodes })
export type MoveMembersInput = z.infer<typeof moveMembersInput>

/** Where the members and cases of a unit go that is closed: another unit, or `none`. */
export const closeUnitInput = z.strictObject({
  unit: unitCode,
  into: z.string({ error: 'units.close.into_required' }).max(64),
  version,
})
export type CloseUnitInput = z.infer<typeof closeUnitInput>

/** A unit as the agency's administrator sees it: numbers of cases, never a case. */
export type UnitLineView = {
  readonly code: string
  readonly name: string
  readonly members: number
  /** Open cases; restricted ones are in no number. */
  readonly cases: number
  readonly version: number
}

export type UnitsView = {
  readonly units: readonly UnitLineView[]
  /** What stands in no unit. */
  readonly unplaced: { readonly members: number; readonly cases: number }
}

export type UnitView = UnitLineView & {
  readonly people: readonly Pick<MemberView, 'code' | 'name' | 'roles' | 'status' | 'isSelf'>[]
  /** Who could be moved here: colleagues of other units and of none, never oneself. */
  readonly others: readonly { readonly code: string; readonly name: string; readonly unit: string | null }[]
  readonly otherUnits: readonly { readonly code: string; readonly name: string }[]
  readonly unplacedCases: number
  /** Whether the administrator is in it, who then can't close it: nobody changes their own unit. */
  readonly isOwn: boolean
}
