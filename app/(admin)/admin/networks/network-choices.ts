import type { IdentifyingService, NetworkDetail, NetworkPerson } from '@/lib/agencies/network-schema'
import type { Option } from '@/components/ui/select'

/** Whom a network may name: its coordinator, the agency that oversees it, the service that decides on identification. */
export function choicesOf(
  network: NetworkDetail & {
    readonly coordinators: readonly NetworkPerson[]
    readonly mayIdentify: readonly IdentifyingService[]
  },
): {
  readonly coordinators: readonly Option[]
  readonly oversight: readonly Option[]
  readonly identifying: readonly Option[]
} {
  return {
    coordinators: network.coordinators.map(({ code, name, agency }) => ({ value: code, label: `${name}, ${agency}` })),
    oversight: network.agencies
      .filter(({ kind }) => kind === 'oversight')
      .map(({ key, name }) => ({ value: key, label: name })),
    identifying: network.mayIdentify.map(({ code, name, agency }) => ({ value: code, label: `${agency}: ${name}` })),
  }
}
