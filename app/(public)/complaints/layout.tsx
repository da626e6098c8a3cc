import type { ReactNode } from 'react'
import { LeaveForm } from '@/components/complaints/leave-form'

/** Keeps the way out in sight: at the top, where no form's own bar covers it on a phone, and while the page is scrolled. */
export default function ComplaintsLayout({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <div className="no-print pointer-events-none sticky top-2 z-20 mb-4 flex justify-end [&>*]:pointer-events-auto">
        <LeaveForm />
      </div>
      {children}
    </>
  )
}
