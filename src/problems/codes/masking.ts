import { define } from '../definition.ts';

export const MASKING_PROBLEMS = {
  'masking.hierarchy': define<{
    readonly column: string;
    readonly reason: 'empty' | 'ragged' | 'repeated' | 'parted';
    readonly line: number;
  }>({
    status: 422,
    title: { en: 'Hierarchy file cannot be used', zh: '泛化层级文件不可用' },
    detail: (facts) => ({
      en: `The hierarchy of "${facts.column}", line ${facts.line}: ${
        {
          empty: 'the file holds no value. Write a line for each value: value;level1;level2;…',
          ragged: 'each line needs the same number of levels, 1 to 20. Mend the line.',
          repeated: 'a value stands twice with other names. Keep one of the lines.',
          parted: 'two values that have one name at a level have two at the next. A name may have one parent only.',
        }[facts.reason]
      }`,
      zh: `字段“${facts.column}”的层级文件第 ${facts.line} 行：${
        {
          empty: '文件中没有取值。请为每个取值写一行：value;level1;level2;…',
          ragged: '各行的层数须相同，为 1 至 20 层。请修正该行。',
          repeated: '同一取值出现两次且名称不同。请只保留其中一行。',
          parted: '在某层同名的取值在上一层名称不同。一个名称只能有一个上级。',
        }[facts.reason]
      }`,
    }),
  }),
} as const;
