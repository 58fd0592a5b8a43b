import { define } from '../definition.ts';

export const MODEL_PROBLEMS = {
  'model.file_refused': define<{ readonly fault: string; readonly place: string }>({
    status: 422,
    title: { en: 'The model file is refused', zh: '模型文件被拒绝' },
    detail: (facts) => ({
      en: `Only models that are plain data are read: refused for "${facts.fault}" at ${facts.place}. Export the model again with operators of docs/reference/models.md, two dimensions at most, weights inside the file and no subgraphs.`,
      zh: `只读取纯数据形式的模型：因“${facts.fault}”在 ${facts.place} 处被拒绝。请仅用 docs/reference/models.md 所列算子重新导出，至多二维，权重须在文件内，不得含子图。`,
    }),
  }),
};
