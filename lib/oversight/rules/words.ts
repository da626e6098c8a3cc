import type { Locale } from '@/lib/access/actor'

export type RuleWords = { readonly title: string; readonly text: string }

/** What each rule of the register says, in every language; its query is the function `app.rule_<key>`. */
export const RULE_WORDS: Readonly<Record<string, Readonly<Record<Locale, RuleWords>>>> = {
  look_off_team: {
    en: {
      title: 'Identity read off the team',
      text: 'Who somebody is may be read by the team of their case, its supervisor, whoever covers or stands in, and in an emergency. A look by any other member breaks this rule.',
    },
    'zh-Hans': {
      title: '非团队成员查看身份信息',
      text: '只有个案团队、其主管、值班或代理成员，以及在紧急情况下，才可查看某人的身份信息。其他成员的查看违反此规则。',
    },
  },
  consent_ended_sharing_goes_on: {
    en: {
      title: 'Sharing goes on after consent ended',
      text: 'When the last consent to share a case is withdrawn and nothing else allows it, the other agency’s access has to end at once. Access that is still open a quarter of an hour later breaks this rule.',
    },
    'zh-Hans': {
      title: '同意结束后仍在分享',
      text: '分享个案的最后一份同意被撤回且没有其他依据时，另一机构的访问必须立即结束。一刻钟后仍然开放即违反此规则。',
    },
  },
  emergency_not_reviewed: {
    en: {
      title: 'Emergency access not reviewed in time',
      text: 'A second person reviews each emergency access by its day. A review that came later, or hasn’t come, breaks this rule.',
    },
    'zh-Hans': {
      title: '紧急访问未按时复核',
      text: '每次紧急访问都须由第二人在期限内复核。逾期复核或尚未复核即违反此规则。',
    },
  },
  emergency_not_justified: {
    en: {
      title: 'Emergency access not justified',
      text: 'The reviewer of an emergency access found that there was no good reason for it.',
    },
    'zh-Hans': { title: '紧急访问不成立', text: '复核人认为某次紧急访问没有充分理由。' },
  },
  sharing_not_justified: {
    en: {
      title: 'Sharing without consent not justified',
      text: 'Coordinator or auditor found that what was shared without consent had no sound basis.',
    },
    'zh-Hans': { title: '未经同意的分享不成立', text: '协调员或监督员认为未经同意的分享没有充分依据。' },
  },
  many_persons_in_a_day: {
    en: {
      title: 'Many identities read in a day',
      text: 'A member read on one day who more than forty people are. There may be good reasons; ask for them.',
    },
    'zh-Hans': {
      title: '一日内查看多人身份',
      text: '某成员在一天内查看了四十多人的身份信息。可能有正当理由，请询问。',
    },
  },
  everything_exported: {
    en: {
      title: 'An agency’s data taken out',
      text: 'Somebody took an agency’s data out as a file. Each time, somebody should be able to say what for.',
    },
    'zh-Hans': { title: '导出机构数据', text: '有人以文件形式导出了机构的数据。每次都应能说明用途。' },
  },
  help_tied_to_cooperation: {
    en: {
      title: 'Help that may hang on cooperation',
      text: 'A need was closed as not eligible for somebody who takes no part in proceedings, or whom an authority didn’t identify. Help hangs on neither.',
    },
    'zh-Hans': {
      title: '帮助可能取决于配合',
      text: '某需求以不符合条件为由结束，而其人未参与诉讼程序，或未获主管机关识别。帮助不取决于这两者。',
    },
  },
  turned_away_for_papers: {
    en: {
      title: 'Turned away for want of papers',
      text: 'Somebody who asked for help was sent away because they had no papers.',
    },
    'zh-Hans': { title: '因没有证件未获接待', text: '有人求助，却因没有证件而未获接待。' },
  },
  interpreter_missing: {
    en: {
      title: 'No interpreter although one is needed',
      text: 'A person is known to need an interpreter, and a service was given without one.',
    },
    'zh-Hans': { title: '需要口译而没有口译', text: '已知其人需要口译，却在没有口译的情况下提供了服务。' },
  },
  special_need_not_met: {
    en: {
      title: 'Special need known, nothing adapted',
      text: 'A disability has been known for two months and help was given, but no service was ever adapted to it.',
    },
    'zh-Hans': { title: '已知特殊需求而未作调整', text: '已知残障两个月并已提供帮助，但从未有任何服务为此作出调整。' },
  },
}
