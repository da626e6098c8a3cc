import type { ReactNode } from 'react'
import { MemberFrame } from '@/app/member-frame'

export default async function OversightLayout({ children }: { readonly children: ReactNode }) {
  return MemberFrame({ children })
}
