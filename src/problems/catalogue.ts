import { ACCESS_PROBLEMS } from './codes/access.ts';
import { ACCOUNT_PROBLEMS } from './codes/account.ts';
import { AUDIT_PROBLEMS } from './codes/audit.ts';
import { DECLARATION_PROBLEMS } from './codes/declaration.ts';
import { EGRESS_PROBLEMS } from './codes/egress.ts';
import { ENCLAVE_PROBLEMS } from './codes/enclave.ts';
import { FILE_PROBLEMS } from './codes/files.ts';
import { JOB_PROBLEMS } from './codes/job.ts';
import { KEY_PROBLEMS } from './codes/key.ts';
import { KIT_PROBLEMS } from './codes/kit.ts';
import { LEDGER_PROBLEMS } from './codes/ledger.ts';
import { LOAD_PROBLEMS } from './codes/load.ts';
import { MASKING_PROBLEMS } from './codes/masking.ts';
import { MATTER_PROBLEMS } from './codes/matter.ts';
import { MODE_PROBLEMS } from './codes/mode.ts';
import { MODEL_PROBLEMS } from './codes/model.ts';
import { PRODUCT_PROBLEMS } from './codes/product.ts';
import { PROFILE_PROBLEMS } from './codes/profile.ts';
import { REPORT_PROBLEMS } from './codes/report.ts';
import { REQUEST_PROBLEMS } from './codes/request.ts';
import { SIMULATION_PROBLEMS } from './codes/simulation.ts';
import { SQL_PROBLEMS } from './codes/sql.ts';
import { STORE_PROBLEMS } from './codes/store.ts';
import { SYNTH_PROBLEMS } from './codes/synth.ts';
import { WEBHOOK_PROBLEMS } from './codes/webhook.ts';

/** Every problem code of the product. A code is a promise: never renamed, never used again for something else. */
export const PROBLEMS = {
  ...ACCESS_PROBLEMS,
  ...ACCOUNT_PROBLEMS,
  ...AUDIT_PROBLEMS,
  ...DECLARATION_PROBLEMS,
  ...EGRESS_PROBLEMS,
  ...ENCLAVE_PROBLEMS,
  ...FILE_PROBLEMS,
  ...JOB_PROBLEMS,
  ...KEY_PROBLEMS,
  ...KIT_PROBLEMS,
  ...LEDGER_PROBLEMS,
  ...LOAD_PROBLEMS,
  ...MATTER_PROBLEMS,
  ...MODEL_PROBLEMS,
  ...PROFILE_PROBLEMS,
  ...MASKING_PROBLEMS,
  ...MODE_PROBLEMS,
  ...PRODUCT_PROBLEMS,
  ...REPORT_PROBLEMS,
  ...REQUEST_PROBLEMS,
  ...SIMULATION_PROBLEMS,
  ...SQL_PROBLEMS,
  ...STORE_PROBLEMS,
  ...SYNTH_PROBLEMS,
  ...WEBHOOK_PROBLEMS,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
