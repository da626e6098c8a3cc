'use client'

import { useRef, useState, type PointerEvent } from 'react'
import { buttonClass } from '@/components/ui/button-class'
import { Field, type FieldProps } from '@/components/ui/field'
import { useField } from '@/components/ui/form-context'
import { useScript } from '@/components/ui/use-script'
import { PAD_HEIGHT, PAD_WIDTH } from './signature-size'

/** Points nearer than this add nothing that could be seen. */
const STEP = 3
/** As many as the schema takes, with room for the last stroke. */
const LONGEST = 11_500

type SignatureFieldProps = Omit<FieldProps, 'optional'> & {
  readonly labels: Readonly<Record<'pad' | 'undo' | 'clear' | 'empty' | 'drawn' | 'no_script', string>>
}

/**
 * A name or a mark, drawn with finger, pen or mouse: one of three equal ways, never the only one. It is kept as lines,
 * not as a picture. Without a script the paper that was signed stays with the agency.
 */
export function SignatureField({ name, label, hint, labels }: SignatureFieldProps) {
  const field = useField(name)
  const hasScript = useScript()
  const pad = useRef<SVGSVGElement>(null)
  const [strokes, setStrokes] = useState<readonly string[]>(() => strokesOf(field.value))
  const last = useRef<readonly [number, number] | null>(null)
  if (!hasScript) return <p className="measure text-note text-ink-2">{labels.no_script}</p>

  function pointOf(event: PointerEvent): readonly [number, number] {
    const box = pad.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return [0, 0]
    const x = Math.round(((event.clientX - box.left) / box.width) * PAD_WIDTH)
    const y = Math.round(((event.clientY - box.top) / box.height) * PAD_HEIGHT)
    return [Math.min(PAD_WIDTH, Math.max(0, x)), Math.min(PAD_HEIGHT, Math.max(0, y))]
  }

  function begin(event: PointerEvent<SVGSVGElement>) {
    event.preventDefault()
    if (strokes.join('').length > LONGEST) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const [x, y] = pointOf(event)
    last.current = [x, y]
    setStrokes([...strokes, `M${String(x)} ${String(y)}L${String(x)} ${String(y)}`])
  }

  function draw(event: PointerEvent<SVGSVGElement>) {
    const from = last.current
    if (from === null || strokes.join('').length > LONGEST) return
    const [x, y] = pointOf(event)
    if (Math.hypot(x - from[0], y - from[1]) < STEP) return
    last.current = [x, y]
    setStrokes((all) => [...all.slice(0, -1), `${all.at(-1) ?? ''}L${String(x)} ${String(y)}`])
  }

  function end() {
    last.current = null
  }

  return (
    <Field field={field} label={label} hint={hint}>
      <input type="hidden" id={field.id} name={field.name} value={strokes.join('')} />
      <svg
        ref={pad}
        viewBox={`0 0 ${String(PAD_WIDTH)} ${String(PAD_HEIGHT)}`}
        role="img"
        aria-label={`${labels.pad} ${strokes.length === 0 ? labels.empty : labels.drawn}`}
        className="block w-full max-w-2xl touch-none rounded-md border border-edge bg-surface"
        onPointerDown={begin}
        onPointerMove={draw}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <path d="M30 160H570" className="stroke-line" strokeWidth="2" fill="none" />
        <path
          d={strokes.join('')}
          className="stroke-ink"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
          fill="none"
        />
      </svg>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <button
          type="button"
          className={buttonClass('secondary', 'sm')}
          onClick={() => {
            setStrokes(strokes.slice(0, -1))
          }}
        >
          {labels.undo}
        </button>
        <button
          type="button"
          className={buttonClass('secondary', 'sm')}
          onClick={() => {
            setStrokes([])
          }}
        >
          {labels.clear}
        </button>
        <span role="status" className="text-note text-ink-2">
          {strokes.length === 0 ? labels.empty : labels.drawn}
        </span>
      </div>
    </Field>
  )
}

function strokesOf(value: string): readonly string[] {
  return value.split('M').flatMap((stroke) => (stroke === '' ? [] : [`M${stroke}`]))
}
