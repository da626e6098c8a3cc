import type { NetworkDetail, NetworkPerson } from '@/lib/agencies/network-schema'
import type { Option } from '@/components/ui/select'

/** Whom a network may name as its coordinator, and which of its agencies oversees it. */
export function choicesOf(network: NetworkDetail & { readonly coordinators: readonly NetworkPerson[] }): {
  readonly coordinators: readonly Option[]
  readonly oversight: readonly Option[]
} {
  return {
    coordinators: network.coordinators.map(({ code, name, agency }) => ({ value: code, label: `${name}, ${agency}` })),
    oversight: network.agencies
      .filter(({ kind }) => kind === 'oversight')
      .map(({ key, name }) => ({ value: key, label: name })),
  }
}
