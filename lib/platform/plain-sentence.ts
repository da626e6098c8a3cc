/**
 * A refusal for the person at the terminal: one sentence that says what is wrong and what to do. Commands print it as
 * it stands, without a stack trace, and end with exit code 1.
 */
export class PlainSentence extends Error {
  override readonly name = 'PlainSentence'
}
