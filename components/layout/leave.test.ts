import { describe, expect, it, vi } from 'vitest'
import { shiftCounter } from './leave'

describe('leaving by key (W10)', () => {
  it('takes three presses of Shift within five seconds', () => {
    const onThree = vi.fn()
    const press = shiftCounter(onThree)
    press('Shift', 0)
    press('Shift', 2000)
    expect(onThree).not.toHaveBeenCalled()
    press('Shift', 4900)
    expect(onThree).toHaveBeenCalledOnce()
  })

  it('starts over after any other key, so that typing capitals never leaves', () => {
    const onThree = vi.fn()
    const press = shiftCounter(onThree)
    for (const key of ['Shift', 'A', 'Shift', 'B', 'Shift', 'C']) press(key, 100)
    expect(onThree).not.toHaveBeenCalled()
  })

  it('forgets presses older than five seconds', () => {
    const onThree = vi.fn()
    const press = shiftCounter(onThree)
    press('Shift', 0)
    press('Shift', 4000)
    press('Shift', 5500)
    expect(onThree).not.toHaveBeenCalled()
    press('Shift', 6000)
    expect(onThree).toHaveBeenCalledOnce()
  })
})
