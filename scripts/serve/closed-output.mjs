// @ts-check

/**
 * Lets this process go on when whoever read its output is gone (`npm start | head`, a collector of logs that crashed).
 * What can't be told is no failure of its own: reporting it would fail in the same way, and so on without an end.
 *
 * @param {readonly NodeJS.WriteStream[]} [streams]
 */
export function outliveReaders(streams = [process.stdout, process.stderr]) {
  for (const stream of streams) stream.on('error', () => undefined)
}
