/** What records hold of a model: its bytes stand sealed beside them. */
export interface SealedModel {
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Models that merchants handed in and models of simulation data, sealed on disk. What one grant hands in twice stands once; a job refers to it by
 * the digest and length in its record. No data of people: they are the merchant's own, or learnt from what is nobody's.
 */
export interface ModelVault {
  /**
   * Encrypts and writes; on disk when it returns, before any record refers to it. Throws `AuditUnavailable` where the disk takes nothing. A file
   * of that name that is not what it should be is written anew.
   */
  keep(grant: string, content: Uint8Array): Promise<SealedModel>;
  /** The content, checked against digest and length. */
  open(grant: string, model: SealedModel): Promise<Uint8Array | 'missing' | 'changed'>;
  /** By its name, for good, as far as the disk allows. Nothing happens where there is none. */
  destroy(name: string): Promise<void>;
  /** `<grant>_<SHA-256>` of all there are. */
  names(): Promise<readonly string[]>;
  /** Removes what a crash left half written. For the only process of the instance. */
  sweep(): Promise<void>;
}
