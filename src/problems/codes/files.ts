import { define } from '../definition.ts';

export const FILE_PROBLEMS = {
  'files.unreadable': define<{ readonly file: string }>({
    status: 422,
    title: { en: 'File cannot be read', zh: '无法读取文件' },
    detail: (facts) => ({
      en: `${facts.file} cannot be read as a table: CSV (UTF-8, UTF-16 or GB 18030; commas, tabs in .tsv; header), JSON (rows of objects) or Parquet, by the ending of its name. Check its form and name.`,
      zh: `${facts.file} 无法作为表格读取：按文件名后缀支持 CSV（UTF-8、UTF-16 或 GB 18030、逗号分隔、带表头）、JSON（对象行）或 Parquet。请检查其格式与名称。`,
    }),
  }),
  'files.columns_missing': define<{ readonly file: string; readonly missing: readonly string[] }>({
    status: 422,
    title: { en: 'Declared columns are missing in the file', zh: '文件缺少所声明的字段' },
    detail: (facts) => ({
      en: `${facts.file} lacks ${facts.missing.join(', ')}. Nothing was tested, for a column that is not there would count as safe: name the right file, or take the columns out of the schema.`,
      zh: `${facts.file} 中没有 ${facts.missing.join('、')}。未执行任何检验，因为缺失的字段会被当作安全：请指定正确的文件，或从声明中删除这些字段。`,
    }),
  }),
  'files.empty': define<{ readonly file: string }>({
    status: 422,
    title: { en: 'File has no rows', zh: '文件没有数据行' },
    detail: (facts) => ({
      en: `${facts.file} has a header at most. Give rows: without them nothing can be said.`,
      zh: `${facts.file} 至多只有表头。请提供数据行：没有数据无法得出结论。`,
    }),
  }),
  'files.failed': define<{ readonly kind: string }>({
    status: 500,
    title: { en: 'The engine stopped', zh: '引擎中止' },
    detail: (facts) => ({
      en: `Reading stopped (${facts.kind}). Use smaller files, or give it more memory or time.`,
      zh: `读取过程中止（${facts.kind}）。请使用较小的文件，或增加内存与时间。`,
    }),
  }),
} as const;
