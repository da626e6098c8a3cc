import { ROOM_PRESSES } from '@/lib/directory/schema'

type Asked = {
  readonly seen?: number | undefined
  readonly most?: number | undefined
  readonly available?: number | undefined
}

/** How much room there is after a press, counted from the number that was seen; without one, what was typed. */
export function roomAfter(intent: string | null, { seen, most, available }: Asked): number | null {
  const press = ROOM_PRESSES.find((known) => known === intent)
  if (press === 'full') return 0
  if (press === undefined || seen === undefined) return available ?? null
  if (press === 'less') return Math.max(0, seen - 1)
  return press === 'more' ? Math.min(most ?? seen + 1, seen + 1) : seen
}
