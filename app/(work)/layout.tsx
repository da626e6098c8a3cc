import type { ReactNode } from 'react'
import { MemberFrame } from '@/app/member-frame'

export default async function WorkLayout({ children }: { readonly children: ReactNode }) {
  return MemberFrame({ children })
}
