/*
 * Words that name a ground that may not decide over help: gender, age, origin, language, faith, disability, health, family,
 * papers, cooperation. Whoever writes a decline in words of their own is not stopped by them, and the words stay sealed: a
 * flag tells the auditor to ask. So the list names more than it has to, and knows no context.
 */

/** Beginnings of words; a star stands for whatever follows. */
const ENGLISH = [
  ...['woman*', 'women*', 'man', 'men', 'male', 'males', 'female*', 'gender*', 'sex', 'transgender*', 'trans'],
  ...['gay*', 'lesbian*', 'bisexual*', 'homosexual*', 'queer*', 'orientation'],
  ...['age', 'aged', 'minor', 'minors', 'child', 'children', 'teenage*', 'elderly', 'too old', 'too young'],
  ...['pregnan*', 'mother*', 'dependant*', 'dependent*', 'baby', 'babies', 'single parent*'],
  ...[
    'nationalit*',
    'citizen*',
    'foreign*',
    'ethnic*',
    'race',
    'racial*',
    'skin',
    'tribe*',
    'tribal*',
    'caste*',
    'origin',
  ],
  ...['language*', 'english', 'speak*', 'interpret*', 'translat*'],
  ...[
    'religio*',
    'muslim*',
    'islam*',
    'christian*',
    'jew*',
    'hindu*',
    'buddhis*',
    'sikh*',
    'faith',
    'headscar*',
    'hijab*',
  ],
  ...['disab*', 'wheelchair*', 'blind*', 'deaf*', 'mute', 'impair*', 'handicap*', 'autis*', 'hiv', 'aids'],
  ...['mental*', 'psychiatr*', 'addict*', 'drug user*'],
  ...[
    'migran*',
    'immigra*',
    'undocumented',
    'papers',
    'passport*',
    'visa*',
    'illegal*',
    'irregular*',
    'asylum*',
    'refugee*',
  ],
  ...['residen*', 'deport*', 'stateless*'],
  ...['prostitut*', 'sex work*', 'criminal*', 'convict*', 'offender*'],
  ...[
    'cooperat*',
    'co operat*',
    'testif*',
    'testimon*',
    'witness*',
    'prosecut*',
    'not a victim',
    'no victim',
    'not identified',
  ],
]

const CHINESE = [
  ...['性别', '女性', '男性', '妇女', '女人', '男人', '变性', '跨性别', '同性恋', '双性恋', '性取向'],
  ...['年龄', '年纪', '未成年', '儿童', '孩子', '小孩', '老人', '老年', '太老', '太小'],
  ...['怀孕', '孕妇', '母亲', '单亲', '婴儿', '受扶养'],
  ...['国籍', '公民', '外国', '民族', '种族', '肤色', '籍贯', '出身', '部落', '种姓'],
  ...['语言', '口译', '翻译', '不会说', '不会讲', '英语', '中文', '普通话'],
  ...['宗教', '信仰', '穆斯林', '伊斯兰', '基督', '犹太', '佛教', '印度教', '头巾'],
  ...['残疾', '残障', '轮椅', '失明', '盲人', '失聪', '聋', '哑', '自闭', '艾滋', '精神病', '精神疾病', '吸毒', '成瘾'],
  ...['移民', '证件', '护照', '签证', '非法', '无证', '难民', '庇护', '居留', '遣返', '无国籍'],
  ...['卖淫', '性工作', '前科', '犯罪'],
  ...['配合', '合作', '作证', '证人', '起诉', '不是受害', '非受害', '未被识别', '未经识别'],
]

const PATTERN = new RegExp(
  `(?<![a-z])(?:${ENGLISH.map((word) => word.replace('*', '[a-z]*')).join('|')})(?![a-z])|${CHINESE.join('|')}`,
  'u',
)

/** Whether a text names a ground, in English or Chinese, however it is written. */
export function namesGround(text: string): boolean {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, ' ')
  return PATTERN.test(plain) || CHINESE.some((word) => plain.replaceAll(' ', '').includes(word))
}
