import type { ReactNode } from 'react'
import { EmergencyFrame } from '../../emergency-frame'

type Props = { readonly children: ReactNode; readonly params: Promise<{ readonly code: string }> }

export default async function CaseLayout({ children, params }: Props) {
  return EmergencyFrame({ record: params.then(({ code }) => code), prefix: 'CAS', children })
}
