import { define } from '../definition.ts';

/**
 * What the front door refuses before an operation sees the request, and the one code for a fault behind it.
 * Facts name places in the request (JSON pointers, keywords, limits), never what stood there.
 * Source: RFC 9457; architecture.md "Conventions".
 */
export const REQUEST_PROBLEMS = {
  'request.invalid': define<{
    readonly place: 'body' | 'query' | 'path' | 'headers';
    readonly pointer: string;
    readonly keyword: string;
    /** What the schema takes there, where it is a short list of words. */
    readonly values?: readonly string[];
  }>({
    status: 400,
    title: { en: 'The request does not fit its schema', zh: '请求不符合格式要求' },
    detail: (facts) => ({
      en: `The ${facts.place} is not acceptable at "${facts.pointer}" (${facts.keyword}).${facts.values === undefined ? '' : ` It takes ${facts.values.join(', ')}.`} Correct this place; the schema of every request stands in /openapi.json.`,
      zh: `请求的${PLACES_ZH[facts.place]}在“${facts.pointer}”处不合格（${facts.keyword}）。${facts.values === undefined ? '' : `可取：${facts.values.join('、')}。`}请更正该处；各请求的格式见 /openapi.json。`,
    }),
  }),
  'request.malformed': define<Record<string, never>>({
    status: 400,
    title: { en: 'The request cannot be read', zh: '无法读取请求' },
    detail: () => ({
      en: 'The body is not well-formed JSON in UTF-8, or its length is not what was announced. Send it again as valid JSON.',
      zh: '请求正文不是合法的 UTF-8 JSON，或长度与声明不符。请以合法 JSON 重新发送。',
    }),
  }),
  'request.too_large': define<{ readonly limitBytes: number }>({
    status: 413,
    title: { en: 'The request is too large', zh: '请求过大' },
    detail: (facts) => ({
      en: `At most ${facts.limitBytes} bytes are accepted here. Send less, or split the file into several tables' files.`,
      zh: `此处最多接受 ${facts.limitBytes} 字节。请减小内容，或将文件拆分。`,
    }),
  }),
  'request.media_type': define<{ readonly expected: string }>({
    status: 415,
    title: { en: 'The media type is not accepted', zh: '不接受该媒体类型' },
    detail: (facts) => ({
      en: `Send the body with "Content-Type: ${facts.expected}".`,
      zh: `请以 "Content-Type: ${facts.expected}" 发送正文。`,
    }),
  }),
  'request.unknown_route': define<Record<string, never>>({
    status: 404,
    title: { en: 'There is no such address', zh: '没有该地址' },
    detail: () => ({
      en: 'No route has this method and path. The routes stand in /openapi.json.',
      zh: '没有与该方法和路径对应的接口。全部接口见 /openapi.json。',
    }),
  }),
  'request.file_name': define<{ readonly table?: string }>({
    status: 400,
    title: { en: 'The file name is not accepted', zh: '不接受该文件名' },
    detail: (facts) => ({
      en: `${facts.table === undefined ? 'The name' : `The file of table "${facts.table}"`} must be a plain name: letters, digits, "-", "_" and ".", starting with a letter or digit, at most 100 characters, no folder. Rename it; over the network a declaration's files are those uploaded to the inbox.`,
      zh: `${facts.table === undefined ? '文件名' : `表“${facts.table}”的文件名`}只能由字母、数字、“-”、“_”和“.”组成，以字母或数字开头，不超过 100 个字符，且不得含目录。请更名；经网络装载时，声明中的文件须为已上传至收件箱的文件。`,
    }),
  }),
  'request.local_folder': define<Record<string, never>>({
    status: 403,
    title: { en: 'Folders of this machine are not accepted', zh: '不接受本机目录' },
    detail: () => ({
      en: 'Only an embedded instance may be told a local folder. Upload the files to the inbox (PUT /v1/inbox/NAME) and leave out "localFolder".',
      zh: '只有嵌入式实例可以指定本地目录。请先将文件上传至收件箱（PUT /v1/inbox/文件名），并去掉 "localFolder"。',
    }),
  }),
  'request.upload_incomplete': define<Record<string, never>>({
    status: 400,
    title: { en: 'The upload broke off', zh: '上传中断' },
    detail: () => ({
      en: 'The connection ended before the whole file had arrived; nothing was kept. Upload the file again.',
      zh: '文件未传完连接即断开，未保留任何内容。请重新上传。',
    }),
  }),
  'request.timeout': define<Record<string, never>>({
    status: 503,
    title: { en: 'The answer took too long', zh: '处理超时' },
    detail: () => ({
      en: 'The request was not answered in the time allowed. Look at the state of the object before you send the request again.',
      zh: '未能在限定时间内作答。请先查看对象状态，再决定是否重发请求。',
    }),
  }),
  'request.stopping': define<Record<string, never>>({
    status: 503,
    title: { en: 'The service is stopping', zh: '服务正在停止' },
    detail: () => ({
      en: 'This instance is shutting down and takes no new requests. Send the request again in a little while.',
      zh: '本实例正在关闭，不再接受新请求。请稍后重试。',
    }),
  }),
  'request.internal': define<{ readonly incident: string }>({
    status: 500,
    title: { en: 'A fault of the service', zh: '服务故障' },
    detail: (facts) => ({
      en: `Something failed that is not your request's fault. Try again later; if it stays, give the operator the incident id ${facts.incident}.`,
      zh: `发生了与您的请求无关的故障。请稍后重试；如仍失败，请将事件编号 ${facts.incident} 告知运营机构。`,
    }),
  }),
  'request.cursor': define<Record<string, never>>({
    status: 400,
    title: { en: 'The cursor leads nowhere', zh: '游标无效' },
    detail: () => ({
      en: 'The cursor belongs to another list or other filters, or what it stood at is gone. Ask for the list again without a cursor.',
      zh: '该游标属于其他列表或筛选条件，或其所指对象已不存在。请去掉游标重新查询。',
    }),
  }),
  'request.too_many': define<{ readonly retryAfterSeconds: number }>({
    status: 429,
    title: { en: 'Too many requests', zh: '请求过于频繁' },
    detail: (facts) => ({
      en: `More requests came than are served at a time. Wait ${facts.retryAfterSeconds} s (Retry-After), then go on; to follow a job, wait with "waitMs" or read its events instead of asking again and again.`,
      zh: `请求频率超出限制。请等待 ${facts.retryAfterSeconds} 秒（Retry-After）后继续；跟踪作业请使用 "waitMs" 或事件流，避免反复查询。`,
    }),
  }),
  'request.precondition': define<Record<string, never>>({
    status: 412,
    title: { en: 'It changed meanwhile', zh: '对象已发生变更' },
    detail: () => ({
      en: 'The object is no longer as its ETag in "If-Match" says; nothing was done. Read it again and decide anew.',
      zh: '对象已与 "If-Match" 中的 ETag 不一致，未执行任何操作。请重新读取后再作决定。',
    }),
  }),
  'request.idempotency_key': define<Record<string, never>>({
    status: 400,
    title: { en: 'The idempotency key is not accepted', zh: '不接受该幂等键' },
    detail: () => ({
      en: '"Idempotency-Key" takes 1 to 200 visible ASCII characters without quotation marks; a UUID will do. Send the request again with such a key.',
      zh: '"Idempotency-Key" 须为 1 至 200 个可见 ASCII 字符且不含引号，例如 UUID。请更换后重新发送。',
    }),
  }),
  'request.idempotency_reused': define<Record<string, never>>({
    status: 422,
    title: { en: 'The idempotency key stands for another request', zh: '该幂等键已用于其他请求' },
    detail: () => ({
      en: 'This key was used in the last 24 hours with another address, body or precondition; nothing was done. Take a new key for a new request.',
      zh: '该键在过去 24 小时内已用于地址、正文或前提条件不同的请求，未执行任何操作。新请求请使用新键。',
    }),
  }),
  'request.idempotency_unsettled': define<Record<string, never>>({
    status: 409,
    title: { en: 'The first request with this key has no answer yet', zh: '使用该键的首个请求尚无答复' },
    detail: () => ({
      en: 'It is under way, or its answer was lost; it is not done a second time. Wait a little and send it again; if this stays, look at the state of the object before you decide on a new key.',
      zh: '首个请求仍在处理，或其答复已丢失；不会重复执行。请稍后重发；如持续如此，请先查看对象状态，再决定是否使用新键。',
    }),
  }),
  'request.idempotency_secret': define<Record<string, never>>({
    status: 409,
    title: { en: 'Done; its answer was told once', zh: '已完成，其答复仅提供一次' },
    detail: () => ({
      en: 'The request with this key was done. Its answer held a secret, of which no copy is kept. If it did not reach you, revoke what was made and make it anew with a new key.',
      zh: '使用该键的请求已完成，其答复含有机密内容，未保留副本。如未收到，请撤销已生成的内容并使用新键重新办理。',
    }),
  }),
} as const;

const PLACES_ZH = { body: '正文', query: '查询参数', path: '路径', headers: '请求头' } as const;
