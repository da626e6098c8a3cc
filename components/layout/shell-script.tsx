'use client'

import { usePathname, useRouter } from 'next/navigation'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { leave, watchForLeave, watchTabs } from './leave'
import type { ShellTexts } from './shell-texts'
import { watchShortcuts } from './shortcuts'

const Palette = lazy(() => import('./palette'))
// Nothing of it is needed in the first minute, and every page would bring it.
const IdleBar = lazy(() => import('./idle-bar'))

const LOOKS_EVERY_MS = 5000

type ShellScriptProps = {
  readonly idleMinutes: number
  readonly leaveAddress: string
  readonly shortcuts: boolean
  readonly pages: readonly { readonly label: string; readonly href: string }[]
  /** Whether the member logs services. */
  readonly logs: boolean
  readonly texts: ShellTexts
  /** The look of the main button. */
  readonly button: string
}

/** What the shell does beyond HTML: leaving at once, keys, the palette, the warning before time runs out, focus on the new page. */
export function ShellScript({ idleMinutes, leaveAddress, shortcuts, pages, logs, texts, button }: ShellScriptProps) {
  const router = useRouter()
  const path = usePathname()
  const [layer, setLayer] = useState<'palette' | 'keys' | null>(null)
  const firstPath = useRef(path)
  const [isSignedOut, setSignedOut] = useState(false)
  const [isSettled, setSettled] = useState(false)

  useEffect(() => {
    const leaves = watchForLeave(() => {
      leave(leaveAddress)
    })
    const tabs = watchTabs(leaveAddress, () => {
      setSignedOut(true)
    })
    const looks = setInterval(() => {
      setSettled(true)
      void import('./late-watch').then(({ lookAround }) => lookAround())
    }, LOOKS_EVERY_MS)
    return () => {
      leaves()
      tabs()
      clearInterval(looks)
    }
  }, [leaveAddress])
  useEffect(
    () =>
      shortcuts
        ? watchShortcuts({
            go: (href) => {
              router.push(href)
            },
            open: setLayer,
          })
        : undefined,
    [router, shortcuts],
  )
  useEffect(() => {
    // A new page begins at its heading, unless something on it took the focus: a flash, a field, a summary.
    if (firstPath.current === path) return
    firstPath.current = path
    document.querySelector('details[data-menu][open]')?.removeAttribute('open')
    const kept = document.activeElement?.closest('#content') ?? null
    if (kept === null) document.querySelector('h1')?.focus()
  }, [path])

  return (
    <>
      {isSettled || isSignedOut ? (
        <Suspense>
          <IdleBar idleMinutes={idleMinutes} isSignedOut={isSignedOut} texts={texts} button={button} />
        </Suspense>
      ) : null}
      {layer === null ? null : (
        <Suspense>
          <Palette
            layer={layer}
            pages={pages}
            logs={logs}
            texts={texts}
            onGo={(href) => {
              router.push(href)
            }}
            onClose={() => {
              setLayer(null)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
