import { z } from 'zod';
import { CHECK_OBJECTS } from '../../egress/compliance-checklist.ts';
import { APPROVAL_STEPS, CHECK_DOMAINS } from '../../egress/kind-policy.ts';
import { PRODUCT_KINDS } from '../../egress/product-kinds.ts';
import { EGRESS_STATES } from '../../egress/review-states.ts';
import { REJECTION_GROUNDS } from '../../egress/review-votes.ts';
import { datasetName, findingSchema, pageQuery, recordedName, resultTableSchema } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

/* Source: requirements.md §5.6, §7.5 (egress request, compliance check). */

const egressState = z.enum(EGRESS_STATES);
const text = z.string().max(4000);
const partVote = z.strictObject({ name: z.string().min(1).max(200), vote: z.enum(['approve', 'reject']) });
const waiver = z.strictObject({ rule: z.string().min(1).max(100), reason: text });
const cell = { object: z.enum(CHECK_OBJECTS), domain: z.enum(CHECK_DOMAINS), evidence: text };
const said = z.object({ by: z.string(), step: z.string(), at: z.string(), reason: z.string() });

const voteSchema = z.object({
  by: z.string(),
  round: z.number(),
  step: z.string(),
  vote: z.enum(['approve', 'reject']),
  grounds: z.enum(REJECTION_GROUNDS).nullable(),
  files: z.array(partVote),
  waivers: z.array(waiver),
  at: z.string(),
  reason: z.string(),
});

const sourceSchema = z.object({
  column: z.string(),
  how: z.enum(['value', 'figure', 'condition', 'masked']),
  cut: z.string().optional(),
});

const commentSchema = z.object({
  by: z.string(),
  round: z.number(),
  visibility: z.enum(['public', 'private']),
  kind: z.enum(['comment', 'question', 'answer']),
  text: z.string(),
  at: z.string(),
});

const stepSchema = z.object({
  name: z.enum(APPROVAL_STEPS),
  by: z.enum(['votes', 'assessment', 'receipt']),
  role: z.string(),
  people: z.number(),
  source: z.string(),
});

export const egressSchema = z
  .object({
    id: z.string(),
    job: z.string(),
    dataset: z.string(),
    merchant: z.string(),
    state: egressState,
    owner: z.string(),
    round: z.number(),
    productKind: z.enum(PRODUCT_KINDS),
    profile: z.string().optional(),
    contentDigest: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    withheldBand: z.string(),
    filingReceipt: z.string().optional(),
    releasedAt: z.string().optional(),
    releaseId: z.string().optional(),
    comments: z.array(commentSchema).optional(),
    chain: z.array(stepSchema).optional(),
    standings: z.array(z.object({ step: z.string(), approvals: z.number(), rejections: z.number(), standing: z.string() })).optional(),
    votesCast: z.number().optional(),
    votes: z.array(voteSchema).optional(),
    checklist: z.array(z.object({ ...cell, result: z.enum(['pass', 'fail', 'open']), checker: z.string() })).optional(),
    toWaive: z.array(z.string()).optional(),
    riskAssessment: z.object({ reference: z.string(), by: z.string(), at: z.string() }).optional(),
    firstRelease: z.string().optional(),
    reasons: z.array(said).optional(),
    findings: z.array(findingSchema).optional(),
    preview: resultTableSchema.optional(),
    lineage: z.array(z.object({ column: z.string(), sources: z.array(sourceSchema) })).optional(),
    files: z
      .array(z.object({ name: z.string(), sha256: z.string(), approvals: z.number().optional(), rejections: z.number().optional() }))
      .optional(),
    sql: z.string().optional(),
    receipt: z.string().optional(),
  })
  .register(API_SCHEMAS, { id: 'EgressRequest' });

export const egressQuery = z.strictObject({ state: egressState.optional(), dataset: datasetName.optional(), ...pageQuery });
export const filingBody = z.strictObject({ receipt: z.string().max(400) });
export const assessmentBody = z.strictObject({ reference: z.string().max(400) });
export const returnBody = z.strictObject({ reason: text, questions: z.array(text).max(100).optional() });
export const resubmissionBody = z.strictObject({ answers: z.array(text).max(100) });
export const commentBody = z.strictObject({ text, visibility: z.enum(['public', 'private']) });
export const appealDecisionBody = z.strictObject({ isUpheld: z.boolean(), reason: text });

/** `checklist`: cells that the voter states over what records say. `files`: every file of the content, or left out. */
export const voteBody = z.strictObject({
  reason: text,
  grounds: z.enum(REJECTION_GROUNDS).optional(),
  files: z.array(partVote).max(1000).optional(),
  checklist: z
    .array(z.strictObject({ ...cell, result: z.enum(['pass', 'fail']) }))
    .max(12)
    .optional(),
  waivers: z.array(waiver).max(200).optional(),
});

export const downloadTokenBody = z.strictObject({ name: z.string().min(1).max(200) });
export const downloadTokenSchema = z
  .object({ token: z.string(), release: z.string(), file: z.string(), expiresAt: z.string() })
  .register(API_SCHEMAS, { id: 'DownloadToken' });
export const traceBody = z.strictObject({ dataset: z.string().min(1).max(200), table: resultTableSchema });
export const traceSchema = z
  .object({
    suspects: z.array(z.object({ release: z.string(), recipient: z.string(), marked: z.number(), matched: z.number() })),
    compared: z.number(),
  })
  .register(API_SCHEMAS, { id: 'CopyTrace' });
export const noticeSchema = z
  .object({ id: z.string(), kind: z.string(), object: z.string(), at: z.string() })
  .register(API_SCHEMAS, { id: 'Notice' });
const affiliationPair = { organisation: recordedName, affiliate: recordedName, reason: text };
const lastDay = z.iso.date().optional();
export const affiliationBody = z.strictObject({ ...affiliationPair, validFrom: z.iso.date().optional(), validTo: lastDay });
export const affiliationEndBody = z.strictObject({ ...affiliationPair, validTo: lastDay });
const day = z.string().nullable();
const affiliationTerm = z.object({ organisation: z.string(), affiliate: z.string(), validFrom: day, validTo: day });
export const affiliationSchema = z
  .object({ organisation: z.string(), affiliates: z.array(z.string()), terms: z.array(affiliationTerm) })
  .register(API_SCHEMAS, { id: 'Affiliations' });
