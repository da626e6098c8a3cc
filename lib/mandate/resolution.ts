/** A lettered or numbered part of a paragraph, such as (b) or (i). */
export type ResolutionItem = {
  readonly letter: string
  readonly zh: string
  readonly en: string
  readonly items: readonly ResolutionItem[]
}

/** An operative paragraph; `opening` is the verb that the Chinese text emphasises. */
export type ResolutionParagraph = {
  readonly number: string
  readonly opening: string
  readonly theme: ResolutionTheme
  readonly zh: string
  readonly en: string
  readonly items: readonly ResolutionItem[]
}

export type ResolutionTheme = (typeof THEMES)[number]

export const THEMES = [
  'comprehensive-approach',
  'prevention',
  'cooperation',
  'ratification',
  'criminal-justice',
  'assistance-and-protection',
  'protection-in-proceedings',
  'non-discrimination',
  'coordination',
  'resources',
  'demand',
  'links-to-other-crime',
  'un-system',
  'reporting',
] as const

/**
 * General Assembly resolution 58/137. `zh` is the text as distributed in Chinese; `en` is our working rendering for
 * display beside it, not the official English text, and every page that shows it says so.
 */
export const RESOLUTION = {
  symbol: 'A/RES/58/137',
  session: 58,
  agendaItem: '108',
  adopted: '2003-12-22',
  meeting: '77th plenary meeting',
  distributed: '2004-02-04',
  basis: 'A/58/499',
  title: {
    zh: '加强国际合作以防止和打击贩运人口及保护此种贩运行为的被害人',
    en: 'Strengthening international cooperation in preventing and combating trafficking in persons and protecting victims of such trafficking',
  },
} as const

export const PARAGRAPHS: readonly ResolutionParagraph[] = [
  {
    number: '1',
    opening: '促请',
    theme: 'comprehensive-approach',
    zh: '促请会员国在打击贩运人口活动时采取全面办法，包括作出执法努力，酌情没收和扣押贩运活动的收益，保护被害人和采取预防措施，包括打击从中谋利剥削贩运行为被害人活动的措施；',
    en: 'Urges Member States to take a comprehensive approach to trafficking in persons: law enforcement, confiscation and seizure of proceeds where appropriate, protection of victims, and prevention, including action against activities that profit from the exploitation of victims.',
    items: [],
  },
  {
    number: '2',
    opening: '吁请',
    theme: 'prevention',
    zh: '吁请会员国开展协作，通过下列措施防止特别是为性剥削目的贩运人口：',
    en: 'Calls on Member States to work together to prevent trafficking in persons, especially for sexual exploitation, by:',
    items: [
      {
        letter: 'a',
        zh: '改进技术合作，加强来源国为防止贩运人口特别是妇女和儿童而设的地方和国家一级机构；',
        en: 'better technical cooperation that strengthens local and national institutions for prevention in countries of origin;',
        items: [],
      },
      {
        letter: 'b',
        zh: '开展让公众了解贩运者的手法和手段的宣传运动，为可能的犯罪目标举办教育方案，提供社会技能方面的职业训练和协助贩运行为被害人重新融入社会；',
        en: "campaigns that inform the public of traffickers' methods, education for those at risk, vocational training in social skills, and help for victims to reintegrate into society;",
        items: [],
      },
      {
        letter: 'c',
        zh: '把重点放在多种贩运人口行为正成为一种新现象的冲突后地区，并将反贩运措施纳入早期干预工作；',
        en: 'attention to post-conflict regions where trafficking is emerging, with anti-trafficking measures built into early intervention.',
        items: [],
      },
    ],
  },
  {
    number: '3',
    opening: '承认',
    theme: 'cooperation',
    zh: '承认会员国与相关政府间组织和非政府组织开展广泛的国际合作对有效制止贩运人口的威胁至关重要；',
    en: 'Recognizes that broad international cooperation between Member States and relevant intergovernmental and non-governmental organizations is essential to counter the threat of trafficking.',
    items: [],
  },
  {
    number: '4',
    opening: '促请',
    theme: 'ratification',
    zh: '促请会员国采取措施，批准或加入《联合国打击跨国有组织犯罪公约》和《联合国打击跨国有组织犯罪公约关于预防、禁止和惩治贩运人口特别是妇女和儿童行为的补充议定书》以及《儿童权利公约关于买卖儿童、儿童卖淫和儿童色情制品问题的任择议定书》，并通过下列措施执行这些文书：',
    en: 'Urges Member States to ratify or accede to the Convention against Transnational Organized Crime, its Trafficking in Persons Protocol, and the Optional Protocol on the sale of children, child prostitution and child pornography, and to implement them by:',
    items: [
      {
        letter: 'a',
        zh: '将贩运人口定为刑事犯罪；',
        en: 'making trafficking in persons a criminal offence;',
        items: [],
      },
      {
        letter: 'b',
        zh: '促进执法当局之间合作打击贩运人口；',
        en: 'promoting cooperation among law enforcement authorities against trafficking;',
        items: [],
      },
      {
        letter: 'c',
        zh: '将贩运人口罪确立为洗钱罪的一种上游犯罪；',
        en: 'establishing trafficking as a predicate offence of money-laundering.',
        items: [],
      },
    ],
  },
  {
    number: '5',
    opening: '请',
    theme: 'criminal-justice',
    zh: '请会员国根据本国法律和能力采取措施，除其他外：',
    en: 'Invites Member States, within their law and capacity, to adopt measures, among others:',
    items: [
      {
        letter: 'a',
        zh: '起诉和惩罚从事性剥削者，打击性剥削，从而废止性剥削活动；',
        en: 'to combat sexual exploitation with a view to abolishing it, by prosecuting and punishing those who engage in it;',
        items: [],
      },
      {
        letter: 'b',
        zh: '酌情提高刑事司法官员和其他人员的认识，特别是通过培训，使他们进一步了解贩运行为被害人的需要和被害人在侦查和起诉这种罪行中的关键作用：',
        en: 'to raise awareness among criminal justice officials and others, in particular through training, of the needs of victims and their crucial role in detecting and prosecuting the crime:',
        items: [
          {
            letter: 'i',
            zh: '调查被害人报告的所有案件，防止进一步的伤害行为，普遍以尊重的态度对待被害人；',
            en: 'investigating every case that victims report, preventing further victimization and treating victims with respect throughout;',
            items: [],
          },
          {
            letter: 'ii',
            zh: '根据《联合国打击跨国有组织犯罪公约》第 24 和第 25 条以及《关于预防、禁止和惩治贩运人口特别是妇女和儿童行为的补充议定书》第 6 条第 2 款，在整个刑事司法程序中敏感地对待被害人和证人；',
            en: 'treating victims and witnesses with sensitivity throughout criminal proceedings, following articles 24 and 25 of the Convention and article 6, paragraph 2, of the Protocol.',
            items: [],
          },
        ],
      },
    ],
  },
  {
    number: '6',
    opening: '又请',
    theme: 'assistance-and-protection',
    zh: '又请会员国根据本国法律和能力采取措施，除其他外：',
    en: 'Also invites Member States, within their law and capacity, to adopt measures, among others:',
    items: [
      {
        letter: 'a',
        zh: '向人口贩运行为的被害人提供援助和保护，包括采取措施酌情允许贩运行为被害人临时或永久留居本国境内；',
        en: 'to give victims of trafficking assistance and protection, including measures that let them remain in the territory, temporarily or permanently, where appropriate;',
        items: [],
      },
      {
        letter: 'b',
        zh: '促进必要的立法和其他措施，确定多方面的援助，包括在认定存在被伤害的情况下向贩运行为的实际被害人提供法律、心理、医疗和社会援助以及酌情给予补偿或赔偿；',
        en: 'to promote the legislative and other measures needed to establish a wide range of assistance, including legal, psychological, medical and social assistance and, where appropriate, compensation or restitution, to actual victims of trafficking, where victimization has been determined;',
        items: [],
      },
      {
        letter: 'c',
        zh: '根据《关于预防、禁止和惩治贩运人口特别是妇女和儿童行为的补充议定书》第6条第3和第4款，按年龄、性别和特殊需要向贩运行为的所有被害人提供人道待遇；',
        en: 'to give all victims humane treatment that takes account of their age, gender and special needs, following article 6, paragraphs 3 and 4, of the Trafficking in Persons Protocol;',
        items: [],
      },
      {
        letter: 'd',
        zh: '协助贩运行为被害人重新融入社会；',
        en: 'to help victims of trafficking reintegrate into society.',
        items: [],
      },
    ],
  },
  {
    number: '7',
    opening: '还请',
    theme: 'protection-in-proceedings',
    zh: '还请会员国酌情制订准则，在刑事诉讼前后和诉讼期间保护贩运行为被害人；',
    en: 'Further invites Member States to develop, where appropriate, guidelines for protecting victims of trafficking before, during and after criminal proceedings.',
    items: [],
  },
  {
    number: '8',
    opening: '促请',
    theme: 'non-discrimination',
    zh: '促请会员国确保为打击贩运人口特别是妇女和儿童的行为而采取的措施符合国际公认的不歧视原则，并尊重被害人的人权和基本自由；',
    en: 'Urges Member States to ensure that measures taken against trafficking in persons, especially women and children, are consistent with internationally recognized principles of non-discrimination and respect the human rights and fundamental freedoms of victims.',
    items: [],
  },
  {
    number: '9',
    opening: '请',
    theme: 'coordination',
    zh: '请会员国在政府组织和非政府组织之间建立协调与合作机制，以期应对贩运行为被害人的紧急需要；',
    en: 'Invites Member States to set up mechanisms for coordination and collaboration between governmental and non-governmental organizations, to respond to the immediate needs of victims of trafficking.',
    items: [],
  },
  {
    number: '10',
    opening: '又请',
    theme: 'resources',
    zh: '又请会员国拨出适当资源向被害人提供服务，推行宣传活动及开展执法活动以消灭贩运和剥削，并促进国际合作，包括适当的技术援助和能力建设方案，以提高会员国采取有效措施打击贩运人口活动的能力；',
    en: 'Also invites Member States to allocate appropriate resources to victim services, public awareness and law enforcement, and to promote international cooperation, including technical assistance and capacity-building.',
    items: [],
  },
  {
    number: '11',
    opening: '鼓励',
    theme: 'demand',
    zh: '鼓励会员国审查剥削他人卖淫在助长贩运人口方面的作用；',
    en: 'Encourages Member States to examine the role that the exploitation of the prostitution of others plays in encouraging trafficking.',
    items: [],
  },
  {
    number: '12',
    opening: '又鼓励',
    theme: 'demand',
    zh: '又鼓励会员国采取立法或其他措施，减少会助长一切形式人口贩运的需求，包括与非政府组织和民间社会合作，以及开展宣传，使公众进一步了解性剥削及其他形式的剥削如何使被害人人格受辱及与贩运人口特别是妇女和儿童有关的危险；',
    en: 'Also encourages Member States to adopt legislative or other measures, with NGOs and civil society, to reduce the demand that fosters every form of trafficking, and to raise public awareness of how exploitation degrades its victims and of the risks involved.',
    items: [],
  },
  {
    number: '13',
    opening: '还鼓励',
    theme: 'demand',
    zh: '还鼓励会员国根据《关于预防、禁止和惩治贩运人口特别是妇女和儿童行为的补充议定书》第9条第5款采取措施，包括提高公众的认识，特别是在男子中遏制这种助长性剥削的需求；',
    en: 'Further encourages Member States, following article 9, paragraph 5, of the Protocol, to take measures, including raising awareness, to discourage the demand, especially by men, that fosters sexual exploitation.',
    items: [],
  },
  {
    number: '14',
    opening: '鼓励',
    theme: 'links-to-other-crime',
    zh: '鼓励会员国酌情注重以性剥削和其他形式的剥削为目的的贩运人口与其他形式犯罪之间的关联；',
    en: 'Encourages Member States to pay attention, where appropriate, to links between trafficking for sexual and other exploitation and other crimes.',
    items: [],
  },
  {
    number: '15',
    opening: '鼓励',
    theme: 'un-system',
    zh: '鼓励联合国毒品和犯罪问题办事处国际预防犯罪中心在此领域同相关国际和区域组织继续开展密切的合作与协调；',
    en: 'Encourages the Centre for International Crime Prevention of the United Nations Office on Drugs and Crime to continue close cooperation and coordination with relevant international and regional organizations.',
    items: [],
  },
  {
    number: '16',
    opening: '鼓励',
    theme: 'un-system',
    zh: '鼓励会员国提供自愿捐款，以便尤其在技术援助活动领域进一步加强和支持国际预防犯罪中心及其打击贩运人口全球方案；',
    en: 'Encourages Member States to make voluntary contributions to strengthen the Centre and its Global Programme against Trafficking in Human Beings, in particular for technical assistance.',
    items: [],
  },
  {
    number: '17',
    opening: '请',
    theme: 'reporting',
    zh: '秘书长向预防犯罪和刑事司法委员会第十四届会议报告本决议的执行情况。',
    en: 'Requests the Secretary-General to report on the implementation of the resolution to the Commission on Crime Prevention and Criminal Justice at its fourteenth session.',
    items: [],
  },
]
