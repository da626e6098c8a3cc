/** The pad of a signature, in the units its lines are kept in. */
export const PAD_WIDTH = 600
export const PAD_HEIGHT = 200
