import { luhnCheckDigit } from '../src/identifiers/bank-card.ts';
import type { IdentifierKind } from '../src/identifiers/identifier-kind.ts';
import { AREA_CODES } from '../src/identifiers/landline.ts';
import { COUNTIES, PROVINCE_NAMES } from '../src/identifiers/region.ts';
import { makeResidentId } from '../src/identifiers/resident-id.ts';
import { makeUscc, USCC_ALPHABET } from '../src/identifiers/uscc.ts';
import { FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE } from '../src/synthetic/dictionaries.ts';

/** A text and the kind that it was made to hold; null where it holds none. */
export interface LabelledText {
  readonly text: string;
  readonly kind: IdentifierKind | null;
}

/** Numbers in [0, 1) that depend on the seed alone. Source: Tommy Ettinger's mulberry32 (public domain), constants only. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Maker {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new Error('An empty list');
    return item;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }

  chars(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => this.pick([...alphabet])).join('');
  }

  date(): string {
    return new Date(Date.UTC(1940, 0, 1) + this.below(29_000) * 86_400_000).toISOString().slice(0, 10);
  }

  county(): readonly [string, string] {
    return this.pick(COUNTIES);
  }

  name(): string {
    const given = this.below(2) === 0 ? GIVEN_MALE : GIVEN_FEMALE;
    return this.pick(FAMILY_NAMES) + this.pick(given) + (this.below(3) > 0 ? this.pick(given) : '');
  }
}

const wide = (text: string): string => text.replaceAll(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** One identifier of each kind, as offices write it. */
const MAKERS: Readonly<Record<IdentifierKind, (make: Maker) => string>> = {
  residentId: (make) => {
    const id = makeResidentId({ region: make.county()[0], birthDate: make.date(), sequence: make.below(1000) });
    return make.pick([
      id,
      id,
      id,
      id.toLowerCase(),
      wide(id),
      `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`,
      `${id.slice(0, 6)}-${id.slice(6, 14)}-${id.slice(14)}`,
    ]);
  },
  uscc: (make) => {
    const code = makeUscc({
      category: make.pick(['91', '91', '92', '51', '12']),
      region: make.county()[0],
      body: make.chars(USCC_ALPHABET, 8),
    });
    return make.pick([
      code,
      code,
      code.toLowerCase(),
      wide(code),
      `${code.slice(0, 2)} ${code.slice(2, 8)} ${code.slice(8, 17)} ${code.slice(17)}`,
    ]);
  },
  mobile: (make) => {
    const number = `1${make.pick(['3', '5', '7', '8', '9'])}${make.digits(9)}`;
    const parts = [number.slice(0, 3), number.slice(3, 7), number.slice(7)];
    return make.pick([number, number, wide(number), parts.join('-'), parts.join(' '), `+86 ${number}`, `0086-${parts.join('-')}`]);
  },
  landline: (make) => {
    const area = make.pick(Object.values(AREA_CODES));
    const local = `${2 + make.below(7)}${make.digits(area.length === 3 ? 7 : 6 + make.below(2))}`;
    return make.pick([
      `${area}-${local}`,
      `${area}-${local}`,
      `(${area})${local}`,
      `${area} ${local}`,
      wide(`${area}-${local}`),
      `${area}-${local}-${make.digits(3)}`,
    ]);
  },
  bankCard: (make) => {
    const body = make.pick(['6222', '6217', '6228', '4563', '5187']) + make.digits(11);
    const longer = body.startsWith('6') ? body + make.digits(3) : body;
    const card = longer + luhnCheckDigit(longer);
    return make.pick([card, card, wide(card), (card.match(/.{1,4}/g) ?? []).join(' '), (card.match(/.{1,4}/g) ?? []).join('-')]);
  },
  plate: (make) => {
    const head = make.pick([...'京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新']) + make.pick([...LETTERS]);
    const tail = make.pick([make.digits(5), `${make.pick([...LETTERS])}${make.digits(4)}`, `D${make.digits(5)}`, `${make.digits(5)}F`]);
    return make.pick([head + tail, head + tail, `${head}·${tail}`, `${head} ${tail}`]);
  },
  passport: (make) =>
    make
      .pick([`E${make.digits(8)}`, `E${make.pick([...LETTERS])}${make.digits(7)}`, `护照号E${make.digits(8)}`])
      .replace(/E(19|20)/, 'E31'),
  email: (make) =>
    `${make.chars('abcdefghijklmnopqrstuvwxyz0123456789', 4 + make.below(8))}@${make.pick(['example.com', 'mail.example.cn', 'qq.example.com', 'corp.example.org'])}`,
  ip: (make) =>
    make.pick([
      [1 + make.below(223), make.below(256), make.below(256), 1 + make.below(254)].join('.'),
      `2001:db8:${make.chars('0123456789abcdef', 4)}::${make.chars('123456789abcdef', 3)}`,
      Array.from({ length: 8 }, () => make.chars('0123456789abcdef', 4)).join(':'),
    ]),
  coordinate: (make) => {
    const longitude = `${73 + make.below(62)}.${make.digits(6)}`;
    const latitude = `${18 + make.below(35)}.${make.digits(6)}`;
    return make.pick([`${longitude},${latitude}`, `${latitude}, ${longitude}`, `POINT(${longitude} ${latitude})`]);
  },
  name: (make) => make.pick([make.name(), make.name(), make.name(), `联系人：${make.name()}`, `阿依${make.pick(GIVEN_FEMALE)}·买买提`]),
  address: (make) => {
    const [code, county] = make.county();
    const road = `${make.pick(['人民', '解放', '中山', '长江', '文化', '建设', '和平', '新华'])}${make.pick(['路', '街', '大道', '巷'])}`;
    return `${make.pick([PROVINCE_NAMES[code.slice(0, 2)] ?? '', ''])}${county}${road}${1 + make.below(300)}号${make.pick(['', `${1 + make.below(20)}栋${101 + make.below(800)}室`, `${1 + make.below(9)}单元${100 + make.below(900)}`])}`;
  },
};

/** What results, registers and logs are full of and that identifies nobody. */
const HONEST: readonly ((make: Maker) => string)[] = [
  (make) => String(make.below(100_000)),
  (make) => (make.below(1e9) / 100).toFixed(2),
  (make) => make.below(2_000_000_000).toLocaleString('en-US'),
  (make) => `${(make.below(10_000) / 100).toFixed(1)}%`,
  (make) => String(make.below(1e6) / 1e6),
  (make) => make.date(),
  (make) =>
    `${make.date()} ${String(make.below(24)).padStart(2, '0')}:${String(make.below(60)).padStart(2, '0')}:${String(make.below(60)).padStart(2, '0')}`,
  (make) => `${make.date()}T08:00:00.${make.digits(3)}Z`,
  (make) => String(1_600_000_000_000 + make.below(2e11)),
  (make) => `ORD-${2015 + make.below(10)}-${make.digits(6)}`,
  (make) => `20${10 + make.below(15)}0${1 + make.below(9)}${10 + make.below(18)}${make.digits(3 + make.below(8))}`,
  (make) => make.chars('0123456789abcdef', 32),
  (make) => make.chars('0123456789abcdef', 64),
  (make) => ['8', '4', '4', '4', '12'].map((size) => make.chars('0123456789abcdef', Number(size))).join('-'),
  (make) => `v${make.below(10)}.${make.below(20)}.${make.below(50)}`,
  (make) => `${make.pick([...LETTERS])}${make.below(100)}.${make.below(10)}`,
  (make) => make.county()[1],
  (make) => make.pick(Object.values(PROVINCE_NAMES)),
  (make) =>
    make.pick([
      '高血压',
      '糖尿病',
      '冠心病',
      '肺炎',
      '骨折',
      '白内障',
      '高血脂',
      '慢性胃炎',
      '金属制品业',
      '石油加工业',
      '农副食品',
      '文化教育',
      '安全生产',
      '温度异常',
      '平均工资',
      '成功',
      '时间',
      '管理',
      '商品',
      '关系',
      '全部',
      '解决',
      '项目',
      '方案',
      '单位',
    ]),
  (make) =>
    make.pick([
      '制造业',
      '批发和零售业',
      '住宿和餐饮业',
      '房地产业',
      '教育',
      '卫生和社会工作',
      '第一人民医院',
      '中心小学',
      '养老保险',
      '城镇职工',
      '本科',
      '男',
      '女',
      '已婚',
      '正常',
      '无',
    ]),
  (make) =>
    `${make.pick(['本期共受理', '较上年增长', '其中', '合计'])}${make.below(10_000)}${make.pick(['件', '人次', '万元', '户'])}，${make.pick(['占比', '同比'])}${make.below(100)}%`,
  (make) =>
    make.pick([
      'completed',
      'pending review',
      'north district',
      'administrator',
      'monthly report',
      'undefined',
      'true',
      'SELECT count(*)',
      'https://example.org/path?page=2',
    ]),
  (make) => `${make.county()[0]}${make.digits(3)}`,
  (make) => `[${make.below(50) * 10}, ${make.below(50) * 10 + 500})`,
  (make) => `${make.below(24)}:${String(make.below(60)).padStart(2, '0')}`,
  (make) => wrongCheck(makeResidentId({ region: make.county()[0], birthDate: make.date(), sequence: make.below(1000) })),
  (make) => make.chars('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', 6 + make.below(8)).replace(/^E/, 'F'),
  (make) => `138****${make.digits(4)}`,
  (make) => `${make.pick(FAMILY_NAMES)}**`,
];

function wrongCheck(id: string): string {
  return id.slice(0, 17) + (id.endsWith('5') ? '6' : '5');
}

/** `count` texts of which half hold one identifier each, kinds in turn; a third of those stand inside other words. The same seed gives the same texts. */
export function identifierCorpus(count: number, seed: number): readonly LabelledText[] {
  const make = new Maker(seed);
  const kinds = Object.keys(MAKERS) as readonly IdentifierKind[];
  return Array.from({ length: count }, (_, at): LabelledText => {
    const kind = kinds[(at >> 1) % kinds.length];
    if (at % 2 === 1 || kind === undefined) return { text: make.pick(HONEST)(make), kind: null };
    const text = MAKERS[kind](make);
    const isInside = make.below(3) === 0 && kind !== 'name';
    return {
      text: isInside ? `${make.pick(['备注：', '登记 ', '见附件（', 'note: '])}${text}${make.pick(['', ' 已核', '）', ', ok'])}` : text,
      kind,
    };
  });
}
