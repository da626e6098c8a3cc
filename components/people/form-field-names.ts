/** Under which name the form carries the hint, and which codes its sender has seen. */
export const SIMILAR_FIELD = 'similar'
export const SEEN_FIELD = 'seen'
/** Marks a code that the sender may open. */
export const OPEN_MARK = '+'
/** Says that the identity was shown, by a recorded look, to whoever changes it. */
export const SHOWN_FIELD = 'shown'
