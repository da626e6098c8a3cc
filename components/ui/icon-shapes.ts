import * as alarmClock from 'lucide-react/icons/alarm-clock'
import * as archive from 'lucide-react/icons/archive'
import * as brain from 'lucide-react/icons/brain'
import * as building2 from 'lucide-react/icons/building-complex'
import * as calendar from 'lucide-react/icons/calendar'
import * as calendarCheck from 'lucide-react/icons/calendar-check'
import * as chartColumn from 'lucide-react/icons/chart-column'
import * as check from 'lucide-react/icons/check'
import * as chevronDown from 'lucide-react/icons/chevron-down'
import * as chevronLeft from 'lucide-react/icons/chevron-left'
import * as chevronRight from 'lucide-react/icons/chevron-right'
import * as circleCheck from 'lucide-react/icons/circle-check'
import * as circleDashed from 'lucide-react/icons/circle-dashed'
import * as circlePlay from 'lucide-react/icons/circle-play'
import * as circleSlash from 'lucide-react/icons/circle-slash'
import * as circleX from 'lucide-react/icons/circle-x'
import * as clipboardCheck from 'lucide-react/icons/clipboard-check'
import * as clock from 'lucide-react/icons/clock'
import * as clockAlert from 'lucide-react/icons/clock-exclamation-point'
import * as copy from 'lucide-react/icons/copy'
import * as ellipsis from 'lucide-react/icons/ellipsis'
import * as eye from 'lucide-react/icons/eye'
import * as fileText from 'lucide-react/icons/file-text'
import * as folder from 'lucide-react/icons/folder'
import * as handshake from 'lucide-react/icons/handshake'
import * as history from 'lucide-react/icons/rotate-ccw-clock'
import * as hourglass from 'lucide-react/icons/hourglass'
import * as house from 'lucide-react/icons/house'
import * as info from 'lucide-react/icons/info'
import * as keyRound from 'lucide-react/icons/key-round'
import * as languages from 'lucide-react/icons/languages'
import * as listTodo from 'lucide-react/icons/list-todo'
import * as lock from 'lucide-react/icons/lock'
import * as lockKeyhole from 'lucide-react/icons/lock-keyhole'
import * as messageCircle from 'lucide-react/icons/message-circle'
import * as octagonAlert from 'lucide-react/icons/octagon-exclamation-point'
import * as pencilLine from 'lucide-react/icons/pencil-line'
import * as phone from 'lucide-react/icons/phone'
import * as plus from 'lucide-react/icons/plus'
import * as printer from 'lucide-react/icons/printer'
import * as scale from 'lucide-react/icons/scale'
import * as scrollText from 'lucide-react/icons/scroll-text'
import * as search from 'lucide-react/icons/search'
import * as send from 'lucide-react/icons/send'
import * as settings from 'lucide-react/icons/settings'
import * as shield from 'lucide-react/icons/shield'
import * as shieldAlert from 'lucide-react/icons/shield-exclamation-point'
import * as shieldCheck from 'lucide-react/icons/shield-check'
import * as siren from 'lucide-react/icons/siren'
import * as sprout from 'lucide-react/icons/sprout'
import * as stamp from 'lucide-react/icons/stamp'
import * as stethoscope from 'lucide-react/icons/stethoscope'
import * as timerOff from 'lucide-react/icons/timer-off'
import * as triangleAlert from 'lucide-react/icons/triangle-exclamation-point'
import * as undo2 from 'lucide-react/icons/undo-2'
import * as user from 'lucide-react/icons/user'
import * as users from 'lucide-react/icons/users'
import * as x from 'lucide-react/icons/x'

/** The drawing of a lucide icon: SVG elements with their attributes. */
export type IconShape = readonly (readonly [element: string, attributes: Readonly<Record<string, string>>])[]

// Six icons stand under the name that lucide now gives them; the keys here are the ones that the design uses.
// The drawings are taken without lucide's component, which is a client component: icons then cost no script.
const MODULES = {
  'alarm-clock': alarmClock,
  archive,
  brain,
  'building-2': building2,
  calendar,
  'calendar-check': calendarCheck,
  'chart-column': chartColumn,
  check,
  'chevron-down': chevronDown,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  'circle-check': circleCheck,
  'circle-dashed': circleDashed,
  'circle-play': circlePlay,
  'circle-slash': circleSlash,
  'circle-x': circleX,
  'clipboard-check': clipboardCheck,
  clock,
  'clock-alert': clockAlert,
  copy,
  ellipsis,
  eye,
  'file-text': fileText,
  folder,
  handshake,
  history,
  hourglass,
  house,
  info,
  'key-round': keyRound,
  languages,
  'list-todo': listTodo,
  lock,
  'lock-keyhole': lockKeyhole,
  'message-circle': messageCircle,
  'octagon-alert': octagonAlert,
  'pencil-line': pencilLine,
  phone,
  plus,
  printer,
  scale,
  'scroll-text': scrollText,
  search,
  send,
  settings,
  shield,
  'shield-alert': shieldAlert,
  'shield-check': shieldCheck,
  siren,
  sprout,
  stamp,
  stethoscope,
  'timer-off': timerOff,
  'triangle-alert': triangleAlert,
  'undo-2': undo2,
  user,
  users,
  x,
} as const

export type IconName = keyof typeof MODULES

/** The drawing of the icon with this name. */
export function iconShape(name: IconName): IconShape {
  // The package's types leave this export out.
  const drawing = MODULES[name] as unknown as { readonly __iconData: { readonly node: IconShape } }
  return drawing.__iconData.node
}
