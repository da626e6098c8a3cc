import type { ReactNode } from 'react'
import { MemberFrame } from '@/app/member-frame'

export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  return MemberFrame({ children })
}
