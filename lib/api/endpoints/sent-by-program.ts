/**
 * What stands as the answer to "why does it stay?" for texts that a program sends: there is nobody to ask. They are
 * sealed like all others, and masked for whoever may not know the person.
 */
export const SENT_BY_PROGRAM = 'sent by a program'
