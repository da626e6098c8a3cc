import { kaplanMeier, logRank, type Curve, type Seen } from './survival'
import type { TestResult } from './tables'

/** Some who are alike: their group, their strata, how long they were seen. */
export type Waited = Seen & { readonly group: string; readonly strata: readonly string[] }

export type Waiting = {
  readonly groups: readonly (Curve & { readonly group: string })[]
  readonly logRank: TestResult | null
  /** Null without strata. */
  readonly stratifiedLogRank: TestResult | null
}

/** How long groups waited, those still waiting included as such; groups in the order of their names. */
export function waiting(seen: readonly Waited[]): Waiting {
  const names = [...new Set(seen.map(({ group }) => group))].sort()
  const byGroup = (some: readonly Waited[]) => {
    const groups = new Map<string, Seen[]>(names.map((name) => [name, []]))
    for (const one of some) groups.get(one.group)?.push(one)
    return [...groups.values()]
  }
  const strata = new Map<string, Waited[]>()
  for (const one of seen) {
    const stratum = JSON.stringify(one.strata)
    const found = strata.get(stratum)
    if (found === undefined) strata.set(stratum, [one])
    else found.push(one)
  }
  return {
    groups: byGroup(seen).map((own, at) => ({ group: names[at] ?? '', ...kaplanMeier(own) })),
    logRank: logRank([byGroup(seen)]),
    stratifiedLogRank: seen.some((one) => one.strata.length > 0) ? logRank([...strata.values()].map(byGroup)) : null,
  }
}
