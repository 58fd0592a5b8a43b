/** Closed lists of the TPC-H tables: facts of the specification (clauses 4.2.2.13 and 4.2.3). */
export const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'] as const;

/** Name and number of its region, in order of the nation's key. */
export const NATIONS: readonly (readonly [string, number])[] = [
  ['ALGERIA', 0],
  ['ARGENTINA', 1],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['EGYPT', 4],
  ['ETHIOPIA', 0],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['INDONESIA', 2],
  ['IRAN', 4],
  ['IRAQ', 4],
  ['JAPAN', 2],
  ['JORDAN', 4],
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['MOZAMBIQUE', 0],
  ['PERU', 1],
  ['CHINA', 2],
  ['ROMANIA', 3],
  ['SAUDI ARABIA', 4],
  ['VIETNAM', 2],
  ['RUSSIA', 3],
  ['UNITED KINGDOM', 3],
  ['UNITED STATES', 1],
];

export const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'] as const;
export const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'] as const;
export const INSTRUCTIONS = ['COLLECT COD', 'DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN'] as const;
export const MODES = ['AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'] as const;

/** A type is one word of each list; so is a container of the next two. */
export const TYPES = [
  ['ECONOMY', 'LARGE', 'MEDIUM', 'PROMO', 'SMALL', 'STANDARD'],
  ['ANODIZED', 'BRUSHED', 'BURNISHED', 'PLATED', 'POLISHED'],
  ['BRASS', 'COPPER', 'NICKEL', 'STEEL', 'TIN'],
] as const;
export const CONTAINERS = [
  ['JUMBO', 'LG', 'MED', 'SM', 'WRAP'],
  ['BAG', 'BOX', 'CAN', 'CASE', 'DRUM', 'JAR', 'PACK', 'PKG'],
] as const;

/** Words that names of parts are made of. A choice of our own; `green` must be among them, Q9 looks for it. */
export const COLOURS = [
  'almond',
  'aquamarine',
  'azure',
  'beige',
  'black',
  'blue',
  'brown',
  'coral',
  'cream',
  'cyan',
  'forest',
  'ghost',
  'gold',
  'green',
  'grey',
  'indigo',
  'ivory',
  'khaki',
  'lavender',
  'lemon',
  'lime',
  'magenta',
  'maroon',
  'mint',
  'navy',
  'olive',
  'orange',
  'orchid',
  'peach',
  'pink',
  'plum',
  'purple',
  'red',
  'rose',
  'salmon',
  'sienna',
  'silver',
  'sky',
  'snow',
  'tan',
  'teal',
  'tomato',
  'turquoise',
  'violet',
  'wheat',
  'white',
  'yellow',
] as const;

/** Words of comments. `special … requests` must be possible, Q13 looks for it. */
export const COMMENT_WORDS = [
  'accounts',
  'bold',
  'careful',
  'deposits',
  'even',
  'express',
  'final',
  'furious',
  'ideas',
  'ironic',
  'packages',
  'pending',
  'quick',
  'regular',
  'requests',
  'silent',
  'slow',
  'special',
  'theories',
  'unusual',
] as const;
