import type { ReactNode } from 'react'
import { EmergencyFrame } from '../../emergency-frame'

type Props = { readonly children: ReactNode; readonly params: Promise<{ readonly personCode: string }> }

export default async function PersonLayout({ children, params }: Props) {
  return EmergencyFrame({ record: params.then(({ personCode }) => personCode), prefix: 'AMP', children })
}
