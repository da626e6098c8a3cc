/** Where an invented person comes from: names in their own script, languages as ISO 639-3. Given names are feminine/masculine. */
export type Origin = {
  readonly country: string
  readonly weight: number
  readonly languages: readonly string[]
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly familyFirst: boolean
  readonly joiner: '' | ' '
}

const latin = { familyFirst: false, joiner: ' ' } as const

export const ORIGINS: readonly Origin[] = [
  {
    country: 'PH',
    weight: 10,
    languages: ['tgl', 'ceb'],
    given: ['Maricel/Jun', 'Rosalie/Rodel', 'Analyn/Arnel', 'Jocelyn/Noel', 'Liza/Dante', 'Divina/Efren'],
    family: ['Reyes', 'Santos', 'Dela Cruz', 'Bautista', 'Villanueva', 'Mercado'],
    ...latin,
  },
  {
    country: 'NG',
    weight: 9,
    languages: ['yor', 'ibo', 'pcm'],
    given: ['Blessing/Emeka', 'Joy/Tunde', 'Folake/Segun', 'Ngozi/Chidi', 'Adaeze/Obinna', 'Yetunde/Kunle'],
    family: ['Okafor', 'Adeyemi', 'Osagie', 'Balogun', 'Eze', 'Ogunleye'],
    ...latin,
  },
  {
    country: 'VN',
    weight: 8,
    languages: ['vie'],
    given: ['Thị Lan/Văn Minh', 'Thị Hoa/Văn Hùng', 'Thị Mai/Quốc Anh', 'Thị Thu/Đức Long'],
    family: ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ'],
    familyFirst: true,
    joiner: ' ',
  },
  {
    country: 'BD',
    weight: 6,
    languages: ['ben'],
    given: ['রহিমা/করিম', 'ফাতেমা/রফিক', 'শিরিন/জামাল', 'নাসরিন/হাসান'],
    family: ['বেগম', 'খাতুন', 'হোসেন', 'আহমেদ', 'ইসলাম'],
    ...latin,
  },
  {
    country: 'ER',
    weight: 5,
    languages: ['tir'],
    given: ['ሰላም/ዮናስ', 'ሚርያም/ተስፋይ', 'ሄለን/ሙሴ', 'ሳባ/ዳዊት'],
    family: ['ተኽለ', 'ገብረ', 'ሃይለ', 'ኪዳነ', 'ወልደ'],
    ...latin,
  },
  {
    country: 'ET',
    weight: 5,
    languages: ['amh', 'orm'],
    given: ['አበባ/አበበ', 'ትዕግስት/ዳንኤል', 'Hanna/Bekele', 'Meron/Tadesse'],
    family: ['ከበደ', 'Alemu', 'Tesfaye', 'Girma'],
    ...latin,
  },
  {
    country: 'UA',
    weight: 6,
    languages: ['ukr', 'rus'],
    given: ['Оксана/Андрій', 'Ольга/Сергій', 'Наталія/Іван', 'Ірина/Микола'],
    family: ['Коваленко', 'Шевченко', 'Бондар', 'Мельник', 'Ткаченко'],
    ...latin,
  },
  {
    country: 'RO',
    weight: 7,
    languages: ['ron'],
    given: ['Ioana/Andrei', 'Mihaela/Ion', 'Elena/Florin', 'Cristina/Vasile'],
    family: ['Popa', 'Ionescu', 'Radu', 'Dumitru', 'Stan'],
    ...latin,
  },
  {
    country: 'CN',
    weight: 5,
    languages: ['cmn', 'yue'],
    given: ['秀英/建国', '丽/伟', '小红/小明', '芳/强', '静/军'],
    family: ['王', '李', '张', '陈', '林', '黄'],
    familyFirst: true,
    joiner: '',
  },
  {
    country: 'IN',
    weight: 5,
    languages: ['hin', 'pan', 'tam'],
    given: ['सुनीता/राजेश', 'पूजा/अमित', 'Lakshmi/Suresh', 'Harpreet/Gurpreet'],
    family: ['शर्मा', 'Kumar', 'Devi', 'Singh'],
    ...latin,
  },
  {
    country: 'NP',
    weight: 4,
    languages: ['nep'],
    given: ['सीता/राम', 'Maya/Bishal', 'Sarita/Dipak'],
    family: ['थापा', 'Gurung', 'Tamang', 'Rai'],
    ...latin,
  },
  {
    country: 'MM',
    weight: 4,
    languages: ['mya'],
    given: ['မေသူ/အောင်', 'နှင်းနှင်း/မင်း', 'Khin/Zaw'],
    family: ['လှ', 'ဝင်း', 'Htun', 'Myint'],
    ...latin,
  },
  {
    country: 'KH',
    weight: 4,
    languages: ['khm'],
    given: ['សុភា/វិចិត្រ', 'Sreymom/Sokha', 'Chanthy/Dara'],
    family: ['ចាន់', 'Sok', 'Chea', 'Kim'],
    familyFirst: true,
    joiner: ' ',
  },
  {
    country: 'ID',
    weight: 6,
    languages: ['ind', 'jav'],
    given: ['Siti/Agus', 'Dewi/Budi', 'Wati/Eko', 'Sri/Joko'],
    family: ['Lestari', 'Wulandari', 'Santoso', 'Hidayat'],
    ...latin,
  },
  {
    country: 'SY',
    weight: 4,
    languages: ['ara'],
    given: ['فاطمة/محمد', 'مريم/أحمد', 'ليلى/علي', 'هدى/يوسف'],
    family: ['الحسن', 'العلي', 'الخطيب', 'درويش'],
    ...latin,
  },
  {
    country: 'AF',
    weight: 4,
    languages: ['prs', 'pus'],
    given: ['زهرا/احمد', 'مریم/حسین', 'فرشته/نجیب'],
    family: ['رحیمی', 'احمدی', 'نوری', 'حیدری'],
    ...latin,
  },
  {
    country: 'BR',
    weight: 4,
    languages: ['por'],
    given: ['Juliana/Rafael', 'Patrícia/Tiago', 'Luciana/Marcos'],
    family: ['Silva', 'Souza', 'Oliveira', 'Pereira'],
    ...latin,
  },
  {
    country: 'CO',
    weight: 4,
    languages: ['spa'],
    given: ['Luz/Andrés', 'Marcela/Camilo', 'Yolanda/Jairo'],
    family: ['Rodríguez', 'Gómez', 'Moreno', 'Rincón'],
    ...latin,
  },
  {
    country: 'TH',
    weight: 3,
    languages: ['tha'],
    given: ['สมหญิง/สมชาย', 'มาลี/วิชัย', 'นภา/ประเสริฐ'],
    family: ['ใจดี', 'แสงทอง', 'ศรีสุข'],
    ...latin,
  },
  {
    country: 'MD',
    weight: 2,
    languages: ['ron', 'rus'],
    given: ['Natalia/Sergiu', 'Doina/Igor'],
    family: ['Rusu', 'Ceban', 'Munteanu'],
    ...latin,
  },
]
