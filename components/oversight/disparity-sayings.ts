import type { GroupComparison } from '@/lib/oversight/disparities/schema'

type Saying = 'worse' | 'better' | 'gone' | 'appears' | 'turned' | 'four_fifths'

/** What is said of a group beside the reference, each thing by the name of its sentence. */
export function sentencesOf(
  one: GroupComparison,
): readonly { readonly key: string; readonly says: Saying; readonly one: GroupComparison }[] {
  const says: Saying[] = [
    ...(one.verdict === 'not_shown' ? [] : [one.verdict]),
    ...(one.change === 'none' ? [] : [one.change]),
    ...(one.verdict === 'worse' && one.fourFifths?.passes === false ? (['four_fifths'] as const) : []),
  ]
  return says.map((saying) => ({ key: `${one.group} ${saying}`, says: saying, one }))
}
