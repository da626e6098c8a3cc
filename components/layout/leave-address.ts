/** Where "Leave" goes when the agency has set no address of its own: a site that anyone might have open and that shows no history. */
export const LEAVE_ADDRESS = 'https://www.wikipedia.org/'
