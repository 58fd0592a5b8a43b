import { define } from '../definition.ts';

export const KIT_PROBLEMS = {
  'kit.unusable': define<{ readonly reason: 'missing' | 'format' | 'schema' }>({
    status: 422,
    title: { en: 'Not a kit, or not a whole one', zh: '不是完整的本地开发包' },
    detail: (facts) => ({
      en: {
        missing: 'The folder has no readable kit.json and schema.json. Name the folder that sluice kit DATASET wrote, or write it again.',
        format: 'kit.json is of another version of the product. Write the kit again with this one: sluice kit DATASET.',
        schema: 'schema.json is not the schema that the kit was made for. Write the kit again: sluice kit DATASET.',
      }[facts.reason],
      zh: {
        missing: '文件夹中没有可读的 kit.json 与 schema.json。请指定由 sluice kit DATASET 生成的文件夹，或重新生成。',
        format: 'kit.json 由其他版本的产品生成。请用本版本重新生成：sluice kit DATASET。',
        schema: 'schema.json 与生成该开发包时的数据结构不同。请重新生成：sluice kit DATASET。',
      }[facts.reason],
    }),
  }),
} as const;
