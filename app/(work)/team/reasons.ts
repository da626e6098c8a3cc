/** What the forms of cover, absence and hand-over say when they are refused for a reason of their own. */
export const STAFFING_REASONS = {
  own_record: 'staffing.own_record',
  overlap: 'staffing.overlap',
  stand_in_away: 'staffing.stand_in_away',
  wrong_state: 'staffing.over',
}
