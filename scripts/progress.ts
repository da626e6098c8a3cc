/** Tells on stderr what is going on and, for long steps, for how long already. */
export class Progress {
  #what = ''
  #since = 0
  #timer: NodeJS.Timeout | undefined

  /** Begins a step, which ends the one before it. */
  readonly step = (what: string): void => {
    this.done()
    this.#what = what
    this.#since = Date.now()
    const terminal = process.stderr.isTTY
    if (!terminal) process.stderr.write(`${what} …\n`)
    this.#timer = setInterval(() => this.#show(), terminal ? 200 : 10_000)
    this.#timer.unref()
  }

  /** Replaces the text of the running step, such as a count. */
  readonly note = (what: string): void => {
    this.#what = what
  }

  /** Ends the running step. */
  readonly done = (): void => {
    clearInterval(this.#timer)
    if (this.#what === '') return
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${this.#line()}\n`)
    this.#what = ''
  }

  #show(): void {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${this.#line()}` : `${this.#line()}\n`)
  }

  #line(): string {
    return `${this.#what} (${String(Math.round((Date.now() - this.#since) / 1000))} s)`
  }
}
