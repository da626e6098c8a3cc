'use client'

import { useRouter } from 'next/navigation'
import { useTransition, type ComponentProps, type MouseEvent } from 'react'

type PageLinkProps = Omit<ComponentProps<'a'>, 'href'> & {
  readonly href: string
  /** Stands beside the text once the next page takes longer than 400 ms. */
  readonly working?: string | undefined
}

/**
 * A link that changes the page without loading it anew. It knows no way to fetch anything ahead, which next/link does
 * unless each is told not to, and is a tenth of its size.
 */
export function PageLink({ href, working, children, ...rest }: PageLinkProps) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    // A new tab, a new window, a download: whatever else the press means, the browser does it.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    startTransition(() => {
      router.push(href)
    })
  }
  return (
    <a href={href} {...rest} onClick={follow}>
      {children}
      {working !== undefined && isPending ? (
        <span role="status" className="after-a-while ms-2 text-note font-normal">
          {working}
        </span>
      ) : null}
    </a>
  )
}
