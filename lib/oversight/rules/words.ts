import type { Locale } from '@/lib/access/actor'

export type RuleWords = { readonly title: string; readonly text: string }

/** What each rule of the register says, in every language; its query is the function `app.rule_<key>`, or for groups its line in `GROUP_RULES`. */
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
      text: 'A need was closed as not eligible for somebody who takes no part in proceedings, whom an authority didn’t identify, or, where it isn’t a need of residency itself, who stays without papers. Help hangs on none of these.',
    },
    'zh-Hans': {
      title: '帮助可能取决于配合',
      text: '某需求以不符合条件为由结束，而其人未参与诉讼程序、未获主管机关识别，或（居留类需求除外）没有居留证件。帮助不取决于其中任何一项。',
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
  sensitive_without_basis: {
    en: {
      title: 'Sensitive facts without a basis',
      text: 'Disability, pregnancy and migration status are recorded to help, and need something to rest on: the person’s consent to case management, their yes to the use of data, or a lawful basis of the agency. A record that has none of these for a week breaks this rule. Religion, ethnicity and orientation can’t be recorded at all.',
    },
    'zh-Hans': {
      title: '敏感信息没有依据',
      text: '残障、怀孕和移民身份是为提供帮助而记录的，须有依据：本人对个案管理的同意、对使用数据的肯定回答，或机构的法律依据。一周内三者皆无的记录违反此规则。宗教、民族和性取向根本无法记录。',
    },
  },
  package_wider_than_need: {
    en: {
      title: 'More was sent than the need asks for',
      text: 'What goes along with a referral is about its needs. A field of another category breaks this rule. So does naming somebody in full (names, birth date, documents, addresses, what happened to them, identification) for help that needs a way to reach them at most: information and advice, crisis support, basic needs, interpretation, safety planning, transport.',
    },
    'zh-Hans': {
      title: '发送的内容超出需求',
      text: '随转介发送的内容应只涉及其需求。包含其他类别的字段即违反此规则。对于至多只需联系方式的帮助（信息与咨询、危机支持、基本生活需要、口译、安全计划、交通），提供完整身份（姓名、出生日期、证件、地址、遭遇、识别情况）也违反此规则。',
    },
  },
  sharing_not_reviewed: {
    en: {
      title: 'Sharing without consent not looked at in time',
      text: 'Coordinator and auditor each look at what was shared without consent within two weeks. If one of them didn’t, it breaks this rule.',
    },
    'zh-Hans': {
      title: '未经同意的分享未按时审视',
      text: '协调员和监督员各自须在两周内审视未经同意的分享。其中一方未审视即违反此规则。',
    },
  },
  looks_outside_pattern: {
    en: {
      title: 'Looks outside the working pattern',
      text: 'A member looked up five people or more on a day at night (10 p.m. to 6 a.m.) or on a weekend, though in the ninety days before at most one look in twenty was at such times; or twenty people or more within one hour. Duty cover is left out. There may be good reasons; ask for them.',
    },
    'zh-Hans': {
      title: '不合工作规律的查看',
      text: '某成员在一天的夜间（22时至6时）或周末查看了五人或以上，而此前九十天内这类时间的查看至多占二十分之一；或在一小时内查看了二十人或以上。值班期间不计。可能有正当理由，请询问。',
    },
  },
  decline_names_ground: {
    en: {
      title: 'Declined in words that name a ground',
      text: 'A referral was declined in words of one’s own in which a list of words found a ground that may not count, such as gender, language, disability, papers or cooperation; or for another reason in words that nobody searched. The words stay sealed; ask the agency for its reason.',
    },
    'zh-Hans': {
      title: '拒绝的说明中提到禁止的理由',
      text: '某转介以自行书写的说明被拒绝，词表在其中发现不得作为理由的内容，如性别、语言、残障、证件或是否配合；或以其他原因拒绝而说明未经检索。说明仍然加密；请向该机构询问理由。',
    },
  },
  child_without_best_interests: {
    en: {
      title: 'A child for whom nobody spoke',
      text: 'Whoever is certainly under 18 has had a case for two weeks, and there is neither a consent by a guardian, nor one that says what is best for the child, nor guardianship or child care among the services.',
    },
    'zh-Hans': {
      title: '无人代言的儿童',
      text: '确定未满18岁者的个案已开立两周，而既没有监护人给予的同意，也没有说明儿童最大利益的同意，服务中也没有监护或照料。',
    },
  },
  help_tied_to_status: {
    en: {
      title: 'Help goes along with status',
      text: 'In a frozen year, the needs of one group by cooperation, identification or migration status were met far less often than another’s (at most two thirds of the odds), beyond chance, with category and agency held equal. It is a correlation: it says where to look, and proves no intent.',
    },
    'zh-Hans': {
      title: '帮助随身份而异',
      text: '在某一冻结年度，按是否配合、识别情况或移民身份划分，一组的需求得到满足的可能远低于另一组（优势比至多三分之二），超出偶然，且类别与机构已保持相同。这是相关性：它指出该看哪里，并不证明意图。',
    },
  },
  not_asked_by_group: {
    en: {
      title: 'One group is asked far less',
      text: 'In a frozen year, the records of one group are complete far less often than another’s (at most two thirds of the odds): dependants and displacement not asked, no safe contact. Beyond chance, with category and agency held equal. Whoever isn’t asked is helped by guesswork.',
    },
    'zh-Hans': {
      title: '某一群体被询问得少得多',
      text: '在某一冻结年度，一组的记录完整的可能远低于另一组（优势比至多三分之二）：未询问受扶养人和流离失所情况，没有安全联系方式。超出偶然，且类别与机构已保持相同。未被询问的人只能靠猜测得到帮助。',
    },
  },
}
