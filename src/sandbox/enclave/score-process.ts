import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { TOOL_FOLDERS } from './find-fence.ts';
import type { IsolationLevel } from './port.ts';
import { sandboxCommand } from './sandbox-command.ts';

/** What a module is given, and what it has to give. */
export interface WasmQuestion {
  readonly module: Uint8Array;
  /** Memory that the host creates for each row; null where the module wants none. */
  readonly memory: { readonly initial: number; readonly maximum: number } | null;
  readonly rows: readonly (readonly number[])[];
}

const TIME_LIMIT_MS = 20_000;
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/** Runs in the child: a fresh instance and a fresh memory for each row, so that a score depends on its own row alone. */
const CHILD = `
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => {
  try {
    const { module, memory, rows } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const compiled = new WebAssembly.Module(Buffer.from(module, 'base64'));
    const scores = rows.map((row) => {
      const imports = memory === null ? {} : { env: { memory: new WebAssembly.Memory(memory) } };
      try {
        const score = new WebAssembly.Instance(compiled, imports).exports.score(...row);
        return Number.isFinite(score) ? score : null;
      } catch { return null; }
    });
    process.stdout.write(JSON.stringify(scores));
  } catch { process.exit(1); }
});
`;

/**
 * Scores rows with a checked module in a process of its own, which holds nothing but the module and these rows, may open no file and start nothing, and
 * is killed at its limit of time. Null where it gave nothing; NaN for a row that trapped or gave no number. Nothing that it says beyond numbers is
 * read. Source: issue "Models" (custom code in a process of its own with a work limit); models-and-audit.md §1.6.
 */
export async function scoreInProcess(
  question: WasmQuestion,
  { isolation, limitMs = TIME_LIMIT_MS }: { readonly isolation: IsolationLevel; readonly limitMs?: number },
): Promise<readonly number[] | null> {
  const { argv, env } = sandboxCommand({
    isolation,
    // Bubblewrap of any age; the program has no capability and may start nothing.
    nestedUserNamespaces: true,
    toolFolders: TOOL_FOLDERS,
    program: [process.execPath, '--permission', '--max-old-space-size=256', '--no-warnings', '-e', CHILD],
    code: [],
    sealedFile: null,
    buildFolder: null,
    readable: [],
    writable: [],
    tempFolder: tmpdir(),
    tempMiB: 0,
  });
  const [program, ...arguments_] = argv;
  const child = spawn(program, arguments_, { cwd: tmpdir(), env, stdio: ['pipe', 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ ...question, module: Buffer.from(question.module).toString('base64') }));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  clearTimeout(timer);
  return code === 0 ? readScores(Buffer.concat(chunks).toString('utf8'), question.rows.length) : null;
}

function readScores(text: string, count: number): readonly number[] | null {
  try {
    const scores: unknown = JSON.parse(text);
    if (!Array.isArray(scores) || scores.length !== count) return null;
    return scores.map((score) => (typeof score === 'number' ? score : Number.NaN));
  } catch {
    return null;
  }
}
