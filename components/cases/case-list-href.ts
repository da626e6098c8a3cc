import type { ListCasesInput, ListTab } from '@/lib/cases/schema'

/** What the address of the list of cases holds; `any` stands for no filter by status, since open ones are the default. */
export type CaseListAddress = Omit<ListCasesInput, 'tab' | 'status' | 'limit'> & {
  readonly tab: ListTab
  readonly status: NonNullable<ListCasesInput['status']> | 'any'
}

/** The address of the list, without what is the default anyway. */
export function caseListHref(address: Partial<CaseListAddress>): string {
  const { tab, status, ...rest } = address
  const entries = Object.entries({
    tab: tab === 'mine' ? undefined : tab,
    status: status === 'open' ? undefined : status,
    ...rest,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(entries).toString()
  return query === '' ? '/cases' : `/cases?${query}`
}
