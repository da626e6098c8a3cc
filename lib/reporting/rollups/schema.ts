/** A figure that does not say what the records say. Agencies and codes only, no person. */
export type RollupDifference = {
  readonly agency: string
  readonly measure: string
  readonly paragraph: string
  readonly category: string
  readonly type: string
  readonly state: string
  readonly month: string
  readonly restricted: boolean
  readonly counted: number
  readonly shown: number
}
